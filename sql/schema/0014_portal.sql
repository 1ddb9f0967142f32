-- Release: 0.1.0
-- The clients' portal: links by which a contact sees the hours of its client groups, without a sign-in.

-- As with timesheet_reader: another database of the server may have made it, even at this moment.
DO $$
BEGIN
  IF to_regrole('timesheet_portal') IS NULL THEN
    BEGIN
      CREATE ROLE timesheet_portal; -- not for signing in: the portal has a login that is a member
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN
        RAISE NOTICE 'role "%" may not create the role timesheet_portal, so clients have no portal', current_user
          USING HINT = 'As a role that may: CREATE ROLE timesheet_portal; then, as the owner of the schema: '
            'SELECT timesheet.grant_roles().';
    END;
  END IF;
END
$$;

ALTER TABLE timesheet.settings ADD COLUMN portal_link_days int NOT NULL DEFAULT 35
  CONSTRAINT portal_link_days_must_be_from_0_to_366 CHECK (portal_link_days BETWEEN 0 AND 366);
COMMENT ON COLUMN timesheet.settings.portal_link_days IS
  'How many days the link to the portal in an e-mail is valid, from 0 to 366; 0 closes the portal. A link that ended '
  'does not come back.';

CREATE TABLE timesheet.portal_links (
  token_sha256    bytea PRIMARY KEY
    CONSTRAINT token_sha256_must_have_32_bytes CHECK (octet_length(token_sha256) = 32),
  delivery_id     bigint NOT NULL,
  contact_id      int NOT NULL REFERENCES timesheet.contacts,
  created_at      timestamptz NOT NULL DEFAULT now(),
  ended_at        timestamptz,
  ended_because   text
    CONSTRAINT ended_because_must_be_revoked_removed_or_too_old
      CHECK (ended_because IN ('revoked', 'removed', 'too_old')),
  CONSTRAINT what_ended_says_why CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE INDEX portal_links_contact ON timesheet.portal_links (contact_id);
COMMENT ON TABLE timesheet.portal_links IS
  'The links to the portal that were given to a provider, each in one e-mail to one contact. Only the hash of a token '
  'is kept, of which no link can be made.';
COMMENT ON COLUMN timesheet.portal_links.token_sha256 IS 'SHA-256 of the 43 characters of the token.';
COMMENT ON COLUMN timesheet.portal_links.delivery_id IS 'The e-mail, as in timesheet.outgoing_emails.';
COMMENT ON COLUMN timesheet.portal_links.ended_at IS
  'When it ended before its time, for good. Null: it is valid for settings.portal_link_days, while the contact is '
  'listed and has a client group.';
COMMENT ON COLUMN timesheet.portal_links.ended_because IS
  'revoked: by timesheet.revoke_portal_links(); removed: the contact is not listed any more; too_old: '
  'settings.portal_link_days was changed, and it was older than that then.';

-- Apart from the links, so that a session that opens the portal holds no row that ends a link.
CREATE TABLE timesheet.portal_visits (
  token_sha256    bytea PRIMARY KEY REFERENCES timesheet.portal_links ON DELETE CASCADE,
  first_opened_at timestamptz NOT NULL,
  last_opened_at  timestamptz NOT NULL,
  openings        int NOT NULL
);
COMMENT ON TABLE timesheet.portal_visits IS
  'The links by which the portal was opened: when, and how often. See timesheet.portal_opened().';

CREATE TABLE timesheet.portal_requests (
  address_sha256 bytea PRIMARY KEY,
  asked_at       timestamptz[] NOT NULL,
  last_asked_at  timestamptz NOT NULL
);
CREATE INDEX portal_requests_last_asked ON timesheet.portal_requests (last_asked_at);
COMMENT ON TABLE timesheet.portal_requests IS
  'Who asked on the portal for a fresh link and was not answered yet: see timesheet.queue_portal_links(). Everybody '
  'can ask for any address, so only a hash of it is kept, and only for an hour.';
COMMENT ON COLUMN timesheet.portal_requests.address_sha256 IS 'SHA-256 of the address, in lower case.';
COMMENT ON COLUMN timesheet.portal_requests.asked_at IS 'When: the last three within an hour.';

ALTER TABLE timesheet.outbox_messages DROP CONSTRAINT kind_must_be_preview,
  ADD CONSTRAINT kind_must_be_preview_or_portal_link CHECK (kind IN ('preview', 'portal_link'));
COMMENT ON COLUMN timesheet.outbox_messages.kind IS
  'preview: a contact''s digest for a member of staff; see timesheet.operate_send_preview(). portal_link: a fresh link '
  'to the portal for a contact that asked for one; see timesheet.queue_portal_links().';
COMMENT ON COLUMN timesheet.outgoing_emails.contact_id IS
  'The contact it is for: it is not sent once that one was removed, or has unsubscribed unless it asked for a link to '
  'the portal, and waits while that one is held back. Null: it goes to staff.';

DROP FUNCTION IF EXISTS timesheet.begin_attempt; -- it takes a hash as well; a new database does not have it
DROP FUNCTION IF EXISTS timesheet.digest_corrections; -- it takes the number of weeks

INSERT INTO timesheet.schema_migrations (version, name) VALUES (14, '0014_portal');
