import os
import signal
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import JsonResponse
from django.urls import path

from latchkey import Verifier
from latchkey.django import create_guard

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY=os.urandom(32))

verifier = Verifier(
    url=os.environ["AUTH_URL"],
    token_file=os.environ["AUTH_TOKEN_FILE"],
    name="example-django",
)
requires = create_guard(verifier)


def health(request):
    return JsonResponse(vars(verifier.status()))


@requires()
def hello(request):
    return JsonResponse({"hello": request.principal.name})


@requires("orders:read")
async def orders(request):
    return JsonResponse([], safe=False)


urlpatterns = [path("health", health), path("hello", hello), path("orders", orders)]

if __name__ == "__main__":
    # Exits at SIGTERM, which reports the last uses. Gunicorn and uWSGI do so themselves.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    port = os.environ.get("PORT", "8080")
    execute_from_command_line([sys.argv[0], "runserver", f"127.0.0.1:{port}", "--noreload"])
