"""A fake of the one resource that an audit asks for, whose answers a test writes by hand."""

import time

from peer_server import JibblePeer, Status


def refusal(code, message="Request Failed"):
    return Status(code, {"error": {"code": f"code_{code}", "message": message}})


class Timesheets(JibblePeer):
    """GET /v1/TimesheetsSummary.

    daily: {person: what is in daily}; people who are not in it have no object. refused: {person: Status}, for any
    request that names one. With is_single, more than one personIds is a 400. most: objects in an answer. bare:
    no envelope.
    nameless: what else is in each answer.
    """

    def __init__(self):
        self.daily, self.refused = {}, {}
        self.is_single, self.bare, self.most, self.nameless = False, False, 1000, []
        self.asked, self.times = [], []
        super().__init__()

    def serve(self, request, gone):
        if request.path != "/connect/token":
            self.times.append(time.monotonic())
        return super().serve(request, gone)

    def answer(self, request):
        assert request.path == "/v1/TimesheetsSummary" and request.query["period"] == ["Custom"], request
        assert not any(name.startswith("$") for name in request.query), "nobody ever saw it take these"
        people = request.query["personIds"]
        self.asked.append(people)
        if self.is_single and len(people) > 1:
            return refusal(400, "personIds")
        for person in people:
            if person in self.refused:
                return self.refused[person]
        value = [
            {"personId": person, "total": "PT0S", "daily": self.daily[person]}
            for person in people
            if person in self.daily
        ][: self.most] + self.nameless
        return Status(200, value if self.bare else {"@odata.context": "x", "value": value})
