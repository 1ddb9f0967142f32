-- Release: 0.1.0
-- Other e-mails than digests, which are sent by the same rules.

-- What all e-mails have in common, so that the rules by which they are sent are written once.
CREATE TABLE timesheet.outgoing_emails (
  delivery_id         bigint PRIMARY KEY,
  contact_id          int,
  state               text NOT NULL DEFAULT 'queued'
    CONSTRAINT state_must_be_queued_sending_sent_failed_or_in_doubt
      CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'in_doubt')),
  content             jsonb NOT NULL,
  html                text,
  body                text,
  idempotency_key     uuid NOT NULL DEFAULT gen_random_uuid(),
  created_at          timestamptz NOT NULL DEFAULT now(),
  attempts            int NOT NULL DEFAULT 0,
  first_attempt_at    timestamptz,
  last_attempt_at     timestamptz,
  next_attempt_at     timestamptz NOT NULL DEFAULT now(),
  is_indeterminate    boolean NOT NULL DEFAULT false,
  provider            text,
  provider_message_id text,
  error               text,
  sent_at             timestamptz,
  CONSTRAINT rows_are_in_the_tables_that_inherit CHECK (false) NO INHERIT
);
COMMENT ON TABLE timesheet.outgoing_emails IS
  'Every e-mail that is queued or was sent: the rows of timesheet.digest_deliveries and timesheet.outbox_messages, '
  'which inherit from this table; it has none of its own.';
COMMENT ON COLUMN timesheet.outgoing_emails.delivery_id IS 'One numbering for all.';
COMMENT ON COLUMN timesheet.outgoing_emails.contact_id IS
  'The contact it is for: it is not sent once that one was removed or has unsubscribed, and waits while that one is '
  'held back. Null: it goes to staff.';

ALTER TABLE timesheet.digest_deliveries INHERIT timesheet.outgoing_emails;

CREATE TABLE timesheet.outbox_messages (
  kind      text NOT NULL CONSTRAINT kind_must_be_preview CHECK (kind IN ('preview')),
  recipient text NOT NULL,
  subject   text NOT NULL,
  PRIMARY KEY (delivery_id),
  UNIQUE (idempotency_key),
  FOREIGN KEY (contact_id) REFERENCES timesheet.contacts
) INHERITS (timesheet.outgoing_emails);
ALTER TABLE timesheet.outbox_messages
  ALTER COLUMN delivery_id SET DEFAULT nextval('timesheet.digest_deliveries_delivery_id_seq');
CREATE INDEX outbox_messages_open ON timesheet.outbox_messages (next_attempt_at) WHERE state IN ('queued', 'sending');
CREATE INDEX outbox_messages_contact ON timesheet.outbox_messages (contact_id);
COMMENT ON TABLE timesheet.outbox_messages IS
  'The e-mails that are no digests, each with its content as it was when it was queued. timesheetd digest send and run '
  'send them by the same rules as digests, whose columns of the same names they have.';
COMMENT ON COLUMN timesheet.outbox_messages.kind IS
  'preview: a contact''s digest for a member of staff; see timesheet.operate_send_preview().';
COMMENT ON COLUMN timesheet.outbox_messages.recipient IS 'The address, in lower case.';
COMMENT ON COLUMN timesheet.outbox_messages.content IS 'What the templates are filled with.';
COMMENT ON COLUMN timesheet.outbox_messages.contact_id IS 'As timesheet.outgoing_emails.contact_id.';

DROP FUNCTION IF EXISTS timesheet.next_delivery; -- it says more of each; a new database does not have it

INSERT INTO timesheet.schema_migrations (version, name) VALUES (12, '0012_outbox');
