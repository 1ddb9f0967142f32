CREATE OR REPLACE FUNCTION timesheet.erase_agent(of_agent int, OUT payloads bigint, OUT digests bigint)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET jit = off SET timezone = 'UTC' SET datestyle = 'ISO, YMD'
  SET intervalstyle = 'postgres' SET standard_conforming_strings = on SET row_security = off
AS $$
DECLARE
  person timesheet.agents;
  neutral CONSTANT text := 'Erased agent ' || of_agent;
  named bigint[];
  labels text[];
  changed bigint[];
BEGIN
  PERFORM timesheet.require_writable();
  PERFORM timesheet.take_ingest_lock();
  PERFORM timesheet.take_lock('digest_queue_lock');
  PERFORM timesheet.lock_writers();
  PERFORM timesheet.lock_raw_events();
  PERFORM timesheet.lock_agents(ARRAY[of_agent]);
  SELECT a.* INTO person FROM timesheet.agents AS a WHERE a.agent_id = of_agent;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no agent %', coalesce(of_agent::text, 'null')
      USING ERRCODE = 'no_data_found', HINT = 'Take an agent_id of timesheet.agents.';
  END IF;
  IF EXISTS (SELECT FROM timesheet.erased_people AS p WHERE p.agent_id = of_agent) THEN
    RAISE EXCEPTION 'the personal data of agent % was erased already', of_agent
      USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Nothing is left to do.';
  END IF;
  named := ARRAY(SELECT timesheet.digests_of_agent(of_agent));
  IF EXISTS (SELECT FROM timesheet.outgoing_emails AS d
      WHERE d.delivery_id = ANY (named) AND d.state IN ('queued', 'sending')) THEN
    RAISE EXCEPTION 'an e-mail that names agent % is still to be sent', of_agent
      USING ERRCODE = 'object_not_in_prerequisite_state',
        HINT = 'Try again once it was sent; the list of digests shows it.';
  END IF;

  labels := ARRAY(SELECT timesheet.labels_of_agent(of_agent)); -- while the payloads have former names
  changed := ARRAY(SELECT timesheet.payloads_of_agent(of_agent));
  INSERT INTO timesheet.erased_people (jibble_id, agent_id) VALUES (person.jibble_id, of_agent);
  UPDATE timesheet.raw_events AS r
  SET payload = timesheet.reduced_payload(r.resource, r.payload, neutral), reduced_at = clock_timestamp()
  WHERE r.raw_event_id = ANY (changed);
  GET DIAGNOSTICS payloads = ROW_COUNT;
  UPDATE timesheet.agents AS a SET full_name = neutral, email = NULL, code = NULL WHERE a.agent_id = of_agent;

  -- Of an e-mail that was sent stays what it was about and its numbers.
  UPDATE timesheet.outgoing_emails AS d SET html = NULL, body = NULL, content = (
    SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(d.content) AS e
    WHERE e.key IN ('subject', 'title', 'period', 'time_zones', 'as_of', 'total', 'week', 'revision'))
  WHERE d.delivery_id = ANY (named);
  GET DIAGNOSTICS digests = ROW_COUNT;
  PERFORM timesheet.erase_mentions(of_agent, neutral, labels, changed);
END
$$;
COMMENT ON FUNCTION timesheet.erase_agent(int) IS
  'Erases an agent''s personal data: name, address, code, and of every payload all that hours are not made of (notes, '
  'places, devices). Hours stay, under "Erased agent" and its number; what Jibble says of the person later is reduced '
  'as well. The texts of e-mails that were sent are removed where they name the agent, and the name and what is quoted '
  'from Jibble in alerts, findings of audits and problems about the agent. Cannot be undone. Returns how many payloads '
  'and e-mails. Errors: no_data_found, object_not_in_prerequisite_state where it was done before or an '
  'e-mail that names the agent is still to be sent, lock_not_available while timesheetd reads.';
CALL timesheet.set_grants('FUNCTION timesheet.erase_agent(int)');
