"""Signs what schemathesis makes up, as a sender of the quickstart would."""

import base64
import hashlib
import hmac
import os
import time
import uuid

import requests
import schemathesis

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Sign(requests.auth.AuthBase):
    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        # A case that leaves a header away is there to see it refused.
        if not isinstance(body, bytes) or any(name not in request.headers for name in HEADERS):
            return request
        delivery, now = f"msg_{uuid.uuid4().hex}", str(int(time.time()))
        code = hmac.new(KEY, f"{delivery}.{now}.".encode() + body, hashlib.sha256).digest()
        signature = f"v1,{base64.b64encode(code).decode()}"
        request.headers.update(dict(zip(HEADERS, (delivery, now, signature))))
        return request


schemathesis.auth.set_from_requests(Sign())
