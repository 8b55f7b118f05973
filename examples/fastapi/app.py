import os
from contextlib import asynccontextmanager
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI

from latchkey import Principal, Verifier
from latchkey.fastapi import create_guard, install

verifier = Verifier(
    url=os.environ["AUTH_URL"],
    token_file=os.environ["AUTH_TOKEN_FILE"],
    name="example-fastapi",
)
requires = create_guard(verifier)


@asynccontextmanager
async def lifespan(app):
    yield
    # Reports the last uses.
    await verifier.close_async()


app = FastAPI(lifespan=lifespan)
install(app)


@app.get("/health")
async def health():
    return vars(verifier.status())


@app.get("/hello")
async def hello(principal: Annotated[Principal, Depends(requires())]):
    return {"hello": principal.name}


@app.get("/orders", dependencies=[Depends(requires("orders:read"))])
async def orders():
    return []


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", 8080)))
