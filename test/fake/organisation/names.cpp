#include "organisation/names.hpp"

namespace fake
{

const NamePool& filipino_names()
{
    static const NamePool pool{
        {"Maria Luisa", "Jose Mari", "Angelica",   "Mark Anthony", "Kristine Joy", "Niño",
         "John Paul",   "Rowena",    "Marvin",     "Princess",     "Jericho",      "Lovely Anne",
         "Aileen",      "Rodrigo",   "Cherry Mae", "Emmanuel",     "Jhun-Jhun",    "Maricel",
         "Reynaldo",    "Ana Liza",  "Dante",      "Grace",        "Joselito",     "Charmaine",
         "Ronnel",      "Ligaya",    "Efren",      "Mary Rose",    "Christian",    "Sheryl",
         "Bayani",      "Divina",    "Alvin",      "Rosalinda",    "Jay-ar",       "Marites",
         "Nestor",      "Jocelyn",   "Ferdinand",  "Clarissa",     "Gilbert",      "Mylene",
         "Arnel",       "Michelle",  "Rommel",     "Luzviminda",   "Edgardo",      "Hazel"},
        {"Dela Cruz",  "Santos",     "Reyes",        "Peñaflor",     "Bautista",    "Ocampo",
         "Villanueva", "Macapagal",  "Dimaculangan", "Ybañez",       "Garcia-Lim",  "Mendoza",
         "Aquino",     "Tolentino",  "Salonga",      "De los Reyes", "Magsaysay",   "Nuñez",
         "Castillo",   "Pangilinan", "Batungbakal",  "Soriano",      "Evangelista", "Catacutan",
         "Mercado",    "Agbayani",   "Cabañero",     "Domingo",      "Sison-Tan",   "Lacson",
         "Manalo",     "D'Souza",    "Tagle",        "Gatdula",      "Panganiban",  "Abad",
         "Española",   "Lualhati",   "Quiambao",     "Rivera",       "San Juan",    "Zamora"}};
    return pool;
}

const NamePool& spanish_names()
{
    static const NamePool pool{{"Lucía", "Íñigo", "Begoña", "Andrés", "María José"},
                               {"Muñoz Ortega", "García", "Ibáñez", "Núñez-Feijoo", "del Río"}};
    return pool;
}

const NamePool& american_names()
{
    static const NamePool pool{{"Emily", "Tyler", "Shawna", "Marcus", "Beth-Ann", "Jamal"},
                               {"O'Connor", "Whitfield", "Washington", "Kowalski", "St. James"}};
    return pool;
}

const NamePool& british_names()
{
    static const NamePool pool{{"Harriet", "Callum", "Siân", "Oliver", "Zoë"},
                               {"Ashworth", "O'Neill", "Featherstonehaugh", "Pryce-Jones", "Bell"}};
    return pool;
}

const NamePool& indian_names()
{
    static const NamePool pool{{"Ananya", "Rohan", "Lakshmi", "Arjun"},
                               {"Iyer", "Chatterjee", "D'Costa", "Venkataraman"}};
    return pool;
}

const std::vector<ClientName>& client_names()
{
    static const std::vector<ClientName> names{
        {"Altamere Health", "Altamere", "ALT"},
        {"Bluefin Outfitters", "Bluefin", "BLU"},
        {"Café Lumière Catering", "Lumière", "CAF"},
        {"Dunmore Legal Group", "Dunmore", "DUN"},
        {"Eastgate Dental Partners", "Eastgate", "EAS"},
        {"Fernhollow Nurseries", "Fernhollow", "FER"},
        {"Granite Peak Insurance", "Granite Peak", "GRA"},
        {"Harborline Logistics", "Harborline", "HAR"},
        {"Ironwood Cabinetry", "Ironwood", "IRO"},
        {"Juniper & Sage Interiors", "Juniper & Sage", "JUN"},
        {"Kestrelway Analytics", "Kestrelway", "KES"},
        {"Lakemoor Veterinary Clinics", "Lakemoor", "LAK"},
        {"Merriden Tax Advisors", "Merriden", "MER"},
        {"Norwell Property Management", "Norwell", "NOR"},
        {"O'Dell Home Care", "O'Dell", "ODE"},
        {"Pinecrest Hospitality", "Pinecrest", "PIN"},
        {"Quillfeather Publishing", "Quillfeather", "QUI"},
        {"Redstone Solar", "Redstone", "RED"},
        {"Summerfold Foods", "Summerfold", "SUM"},
        {"Tidewick Marine Supply", "Tidewick", "TID"},
        {"Umbral Lighting", "Umbral", "UMB"},
        {"Vantage Point Freight", "Vantage Point", "VAN"},
        {"Willowbourne Schools", "Willowbourne", "WIL"},
        {"Xylophane Acoustics", "Xylophane", "XYL"},
        {"Yarrowby Wellness", "Yarrowby", "YAR"},
        {"Zephyrine Cycling Co.", "Zephyrine", "ZEP"}};
    return names;
}

const std::vector<std::string_view>& shared_activity_names()
{
    static const std::vector<std::string_view> names{"Inbound calls",
                                                     "Outbound calls",
                                                     "E-mail support",
                                                     "Live chat",
                                                     "Ticket triage",
                                                     "Invoice processing",
                                                     "Accounts payable",
                                                     "Accounts receivable",
                                                     "Bank reconciliation",
                                                     "Payroll entry",
                                                     "Data entry",
                                                     "Data cleansing",
                                                     "Order processing",
                                                     "Returns & refunds",
                                                     "Appointment setting",
                                                     "Calendar management",
                                                     "Lead research",
                                                     "CRM updates",
                                                     "Social media",
                                                     "Content moderation",
                                                     "Bookkeeping",
                                                     "Quality assurance",
                                                     "Team meeting",
                                                     "One-to-one coaching",
                                                     "Training",
                                                     "Onboarding",
                                                     "Reporting",
                                                     "Document review",
                                                     "Transcription",
                                                     "Translation (ES/EN)",
                                                     "Procurement",
                                                     "Inventory checks",
                                                     "Insurance verification",
                                                     "System downtime",
                                                     "Admin / other"};
    return names;
}

const std::vector<std::string_view>& client_task_names()
{
    static const std::vector<std::string_view> names{
        "front desk line",  "billing queue", "claims intake", "catalogue upkeep",
        "vendor follow-up", "escalations",   "monthly close", "dispatch desk",
        "customer reviews", "renewals",      "project inbox", "after-hours cover"};
    return names;
}

std::string ascii_local_part(std::string_view name)
{
    // Two-byte UTF-8 letters that occur in the pools, folded to their base letter.
    static const std::string_view accented = "áéíóúñèëöâÁÉÍÓÚÑ";
    static const std::string_view plain = "aeiouneeoaaeioun";
    std::string out;
    for (std::size_t at = 0; at < name.size(); ++at) {
        char c = name[at];
        if (static_cast<unsigned char>(c) >= 0x80) {
            std::size_t found = accented.find(name.substr(at, 2));
            ++at;
            if (found != std::string_view::npos)
                out += plain[found / 2];
        } else if (c >= 'A' && c <= 'Z') {
            out += static_cast<char>(c - 'A' + 'a');
        } else if ((c >= 'a' && c <= 'z') || c == '-') {
            out += c;
        } else if (c == ' ' && !out.empty() && out.back() != '.') {
            out += '.';
        }
    }
    return out;
}

} // namespace fake
