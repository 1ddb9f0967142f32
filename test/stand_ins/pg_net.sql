-- A stand-in for what we use of pg_net, which Debian does not have: tables and a function of the same names and
-- signatures (documented_signatures.txt). As there, http_post() only puts a request into the queue; it is sent once the
-- transaction is committed, by pg_net_worker.sql.
CREATE SCHEMA net;

CREATE UNLOGGED TABLE net.http_request_queue (
  id                   bigserial,
  method               text NOT NULL,
  url                  text NOT NULL,
  headers              jsonb,
  body                 bytea,
  timeout_milliseconds integer NOT NULL
);

CREATE UNLOGGED TABLE net._http_response (
  id           bigint,
  status_code  integer,
  content_type text,
  headers      jsonb,
  content      text,
  timed_out    boolean,
  error_msg    text,
  created      timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION net.http_post(
  url text, body jsonb DEFAULT '{}', params jsonb DEFAULT '{}',
  headers jsonb DEFAULT '{"Content-Type": "application/json"}', timeout_milliseconds int DEFAULT 5000) RETURNS bigint
LANGUAGE sql AS $$
  INSERT INTO net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  VALUES ('POST',
    -- What needs escapes in a query is in no parameter of ours.
    url || coalesce('?' || (SELECT string_agg(p.key || '=' || p.value, '&' ORDER BY p.key)
      FROM jsonb_each_text(params) AS p), ''),
    headers, convert_to(body::text, 'UTF8'), timeout_milliseconds)
  RETURNING id
$$;

-- As pg_net's own script does.
GRANT USAGE ON SCHEMA net TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA net TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA net TO PUBLIC;

CREATE FUNCTION net.worker_restart() RETURNS boolean LANGUAGE sql AS 'SELECT true';
