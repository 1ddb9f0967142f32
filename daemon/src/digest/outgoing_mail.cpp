#include "digest/outgoing_mail.hpp"

#include "digest/digest_links.hpp"
#include "digest/portal_link.hpp"
#include "text/json_answer.hpp"

namespace timesheetd
{

namespace
{

// A supervisor sees no other client's hours, so its briefing leads nowhere.
bool is_for_staff(const Delivery& delivery)
{
    if (delivery.kind != "briefing")
        return delivery.kind == "alert";
    rapidjson::Document content;
    return parse_json_object(content, delivery.content, digest_document).empty() &&
           content.HasMember("is_for_staff") && content["is_for_staff"].IsTrue();
}

// Where the link of an e-mail to staff leads; "" without a dashboard.
std::string staff_page(const Configuration& configuration, const Delivery& delivery)
{
    const std::string& dashboard = configuration.text("MAIL_PAGE_URL");
    return dashboard.empty() || delivery.kind == "briefing" ? dashboard : dashboard + "/health";
}

RenderedDigest rendered(const Delivery& delivery, DigestLinks links, const std::string& portal_link)
{
    if (delivery.rendered)
        return *delivery.rendered;
    if (delivery.is_notification())
        return delivery.kind == "alert" ? render_alert(delivery.content, links.page)
                                        : render_briefing(delivery.content, links.page);
    if (!portal_link.empty()) {
        links.page = portal_link;
        links.is_portal = true;
    }
    return delivery.is_portal_link() ? render_portal_link(delivery.content, links)
                                     : render_digest(delivery.content, links);
}

void put_token_in(OutgoingMail& outgoing, const std::string& key, const std::string& portal_link)
{
    outgoing.mail.html = with_portal_token(outgoing.stored.html, key, outgoing.portal_token);
    outgoing.mail.text = with_portal_token(outgoing.stored.text, key, outgoing.portal_token);
    outgoing.mail.page = with_portal_token(portal_link, key, outgoing.portal_token);
}

} // namespace

OutgoingMail outgoing_mail(const Configuration& configuration, const Delivery& delivery,
                           bool is_portal_open)
{
    const std::string& key = delivery.idempotency_key;
    const std::string& secret = configuration.text("PORTAL_SECRET");
    // A preview has no link: it must lead no reader to what is the contact's.
    bool is_for_contact = delivery.is_digest() || delivery.is_portal_link();
    DigestLinks links;
    if (delivery.is_digest())
        links = digest_links(configuration, delivery.unsubscribe_token);
    else if (is_for_staff(delivery))
        links.page = staff_page(configuration, delivery);
    std::string link = secret.empty() ? "" : portal_link(configuration.text("PORTAL_URL"), key);

    OutgoingMail outgoing;
    outgoing.stored = rendered(delivery, links, is_portal_open && is_for_contact ? link : "");
    Mail& mail = outgoing.mail;
    mail.to = delivery.recipient;
    mail.subject = delivery.subject;
    mail.html = outgoing.stored.html;
    mail.text = outgoing.stored.text;
    mail.key = key;
    mail.page = links.page;
    mail.unsubscribe = links.unsubscribe;
    mail.content = delivery.content;
    if (!delivery.is_digest())
        mail.category = delivery.kind;
    // Also where the portal was closed since an earlier attempt; its link then leads to the portal
    // alone if the secret is gone.
    if (has_portal_link(outgoing.stored.text, key) || has_portal_link(outgoing.stored.html, key)) {
        outgoing.portal_token = secret.empty() ? "" : portal_token(secret, key);
        put_token_in(outgoing, key, link);
    }
    return outgoing;
}

} // namespace timesheetd
