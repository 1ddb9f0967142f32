CREATE OR REPLACE FUNCTION timesheet.webhook_json(form text, body text) RETURNS text
LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  CASE form
    WHEN 'generic' THEN
      RETURN json_build_object('text', body);
    WHEN 'slack' THEN -- which reads <…> and & as its own
      RETURN json_build_object('text', replace(replace(replace(body, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'));
    WHEN 'teams' THEN -- which shows a single line end as a blank
      RETURN json_build_object('type', 'message', 'attachments', json_build_array(json_build_object(
        'contentType', 'application/vnd.microsoft.card.adaptive', 'content', json_build_object(
          '$schema', 'http://adaptivecards.io/schemas/adaptive-card.json', 'type', 'AdaptiveCard', 'version', '1.2',
          'body', json_build_array(json_build_object('type', 'TextBlock',
            'text', replace(body, chr(10), chr(10) || chr(10)), 'wrap', true))))));
    ELSE
      RAISE EXCEPTION 'form "%" of a webhook is not known', form
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Use slack, teams or generic.';
  END CASE;
END
$$;
COMMENT ON FUNCTION timesheet.webhook_json(text, text) IS
  'A plain text as JSON in the form that a webhook''s service takes: slack, teams or generic. Errors: '
  'invalid_parameter_value for another form.';
CALL timesheet.set_grants('FUNCTION timesheet.webhook_json(text, text)', 'EXECUTE TO timesheet_ingest');
