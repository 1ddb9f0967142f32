-- A stand-in for pg_net's background worker, which really sends what pg_net.sql queued: by Python, in the server. As
-- there, a batch is one transaction, which ends when every request of it was answered or timed out. A job of pg_cron's
-- calls it every minute, so that nothing but the server has to run.
CREATE EXTENSION IF NOT EXISTS plpython3u;

CREATE PROCEDURE net.stand_in_worker(seconds int, longest_timeout int) LANGUAGE plpython3u AS $$
import concurrent.futures
import json
import time
import urllib.error
import urllib.request


def send(request):
    headers = {name: str(value) for name, value in json.loads(request["headers"] or "{}").items()}
    timeout = min(request["timeout_milliseconds"], longest_timeout) / 1000
    answer = {"id": request["id"], "status": None, "content": None, "timed_out": False, "error": None}
    try:
        asked = urllib.request.Request(request["url"], request["body"], headers, method=request["method"])
        try:
            came = urllib.request.urlopen(asked, timeout=timeout)
        except urllib.error.HTTPError as e:
            came = e
        with came:
            answer["status"] = came.status
            answer["content"] = came.read().decode("utf-8", "replace").replace("\0", "")
    except (OSError, ValueError) as e:
        reason = getattr(e, "reason", e)
        answer["timed_out"] = isinstance(reason, TimeoutError)
        answer["error"] = f"Timeout of {timeout * 1000:.0f} ms reached" if answer["timed_out"] else str(reason)
    return answer


ends = time.monotonic() + seconds
while time.monotonic() < ends:
    batch = list(plpy.execute(
        "DELETE FROM net.http_request_queue RETURNING id, method, url, headers::text AS headers, body, "
        "timeout_milliseconds"))
    if batch:
        with concurrent.futures.ThreadPoolExecutor(len(batch)) as pool:
            answers = list(pool.map(send, batch))
        keep = plpy.prepare(
            "INSERT INTO net._http_response (id, status_code, content, timed_out, error_msg) "
            "VALUES ($1, $2, $3, $4, $5)", ["bigint", "int", "text", "boolean", "text"])
        for a in answers:
            plpy.execute(keep, [a["id"], a["status"], a["content"], a["timed_out"], a["error"]])
    plpy.commit()
    time.sleep(0.1)
$$;
