"""FastAPI on uvicorn, verified by the official Python library of Standard Webhooks: `app.py PORT`."""

import asyncio
import os
import sys
import threading

import uvicorn
from fastapi import FastAPI, Request, Response
from pydantic import BaseModel
from standardwebhooks import Webhook, WebhookVerificationError

app = FastAPI()
webhook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


class Subscription(BaseModel):
    username: str
    monthly_fee: float


class Receipt(BaseModel):
    message: str


@app.post("/webhooks/new-subscription")
async def new_subscription(request: Request) -> Receipt:
    body = await request.body()
    try:
        webhook.verify(body, dict(request.headers))
    except WebhookVerificationError:
        return Response(status_code=401)
    Subscription.model_validate_json(body)
    return Receipt(message="welcome")


class Told(uvicorn.Server):
    """Says where it listens, as every peer does."""

    async def startup(self, sockets=None):
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        print(f"{host}:{port}", flush=True)


def answer():
    for _ in sys.stdin:
        print(0, flush=True)
    os._exit(0)


threading.Thread(target=answer, daemon=True).start()
asyncio.run(Told(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning")).serve())
