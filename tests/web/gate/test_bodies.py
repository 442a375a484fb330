"""How much of a body is read, and from whom: every route with a body is walked."""

from __future__ import annotations

import asyncio
import io
import json
from base64 import b64encode
from collections.abc import Iterator

import pytest
from werkzeug.routing import Rule

from tests.web.api.conftest import Api
from tests.web.conftest import TOKEN, Office, Person, text
from tests.web.front.asgi import Client, door_of
from tests.web.gate.test_policy import PEOPLE, address
from web.gate import bodies
from web.gate.policy import OPEN, POLICY

HUGE = 200_000_000
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"
KINDS = (JSON, FORM, FILES, "application/xml")


def routes(office: Office) -> Iterator[tuple[Rule, str]]:
    """Every route that takes a body, with each method."""
    for rule in office.app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH"}):
            yield rule, method


def is_api(rule: Rule) -> bool:
    return rule.rule.startswith(("/api/", "/engine-rest"))


def send(office: Office, path: str, method: str, kind: str, **headers: str) -> Client:
    """Announce a huge body through the front of the process; not a byte of it ever comes."""
    given = {"Host": "localhost", "Content_Type": kind, "Content_Length": str(HUGE), **headers}
    client = Client(method, path, {k.replace("_", "-"): v for k, v in given.items()}, [None])
    return asyncio.run(asyncio.wait_for(client.visit(door_of(office.app)), 60))


@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_is_refused_on_every_route_before_a_byte_is_read(
    office: Office, kind: str
) -> None:
    for rule, method in routes(office):
        answer = send(office, address(office.app, rule), method, kind)

        expected = {413} if POLICY[rule.endpoint] == OPEN else {401, 302}
        assert answer.status in expected, (rule, method)
        assert answer.asked == 0, (rule, method)


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_sends_more_than_a_route_takes_and_no_byte_of_it_is_read(
    office: Office, who: str
) -> None:
    office.enter(who)
    token = Api(office.app, office.service).token(who)
    for rule, method in routes(office):
        credentials = (
            {"Authorization": f"Bearer {token}"}
            if is_api(rule)
            else {"Cookie": f"tindak={office.keys[who]}"}
        )
        kind = JSON if is_api(rule) else FORM
        answer = send(office, address(office.app, rule), method, kind, **credentials)

        assert answer.status in (403, 413), (rule, method)
        assert answer.asked == 0, (rule, method)
        if answer.status == 413:
            assert_shape(rule, answer)


def assert_shape(rule: Rule, answer: Client) -> None:
    """A refusal looks as everything else of its API, or as a page."""
    kind = answer.answered["content-type"].split(";")[0]
    if rule.rule.startswith("/engine-rest"):
        assert kind == JSON
        assert set(json.loads(answer.body)) == {"type", "message", "code"}
    elif rule.rule.startswith("/api/"):
        assert kind == "application/problem+json"
        assert json.loads(answer.body)["status"] == 413
    else:
        assert kind == "text/html"


def test_each_api_call_is_refused_to_somebody_for_its_size_and_not_for_their_rights(
    office: Office,
) -> None:
    api = Api(office.app, office.service)
    worker = api.worker_token("weigh")
    for rule, method in routes(office):
        if not is_api(rule):
            continue
        path, size = address(office.app, rule), {"Content_Length": "2000001"}
        tokens = [worker, *(api.token(who) for who in PEOPLE)]
        answers = {
            send(office, path, method, JSON, Authorization=f"Bearer {token}", **size).status
            for token in tokens
        }
        assert 413 in answers, (rule, answers)


@pytest.mark.parametrize("chunked", [False, True])
def test_json_up_to_the_limit_is_read_and_beyond_it_is_not(office: Office, chunked: bool) -> None:
    token = Api(office.app, office.service).token("owner")
    for size, status in ((1_900_000, 400), (2_100_000, 413)):
        content = b'{"messageName": "' + b"x" * size + b'"}'
        headers = {"Host": "localhost", "Authorization": f"Bearer {token}", "Content-Type": JSON}
        headers |= (
            {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": str(len(content))}
        )
        chunks = [content[at : at + 50_000] for at in range(0, len(content), 50_000)]
        client = Client("POST", "/engine-rest/message", headers, chunks)
        asyncio.run(client.visit(door_of(office.app)))

        assert client.status == status, client.body
        assert client.asked <= 2_000_000 / 50_000 + 2


def test_nested_json_is_refused_in_words(office: Office) -> None:
    api = Api(office.app, office.service)
    for depth in (100, 1_000, 100_000):
        content = b'{"messageName": ' + b"[" * depth + b"]" * depth + b"}"
        answer = api.call("owner", "POST", "/engine-rest/message", data=content, content_type=JSON)
        assert answer.status_code == 400
        words = "nested too deeply" if depth > 1_024 else "messageName"
        assert words in answer.get_json()["message"]


def test_a_form_for_files_takes_files_and_the_text_of_a_form_is_bounded(office: Office) -> None:
    person, task = office.enter("kemhan"), office.task("acknowledge")
    person.get(task)
    for url, status in ((f"{task}/uploads/nothing", 404), ("/language", 413)):  # 404: read, judged
        large = {"file": (io.BytesIO(b"x" * 3_000_000), "a.bin")}
        assert person.post(url, large).status_code == status
    assert person.post(f"{task}/draft", {"notes": "x" * 3_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("who", "method", "path", "kind", "advice"),
    [
        ("owner", "PUT", "/processes/follow_up/draft/follow_up.bpmn", "application/xml", "10 MB"),
        ("kemhan", "POST", "/language", FORM, "2 MB"),
        ("kemhan", "POST", "/language", FILES, "2 MB"),
        ("kemhan", "POST", "{task}/complete", FILES, "berkas yang lebih sedikit atau lebih kecil"),
    ],
)
def test_what_is_too_large_is_answered_with_what_to_do_there(
    office: Office, who: str, method: str, path: str, kind: str, advice: str
) -> None:
    office.enter(who)
    path = path.format(task=office.task("acknowledge"))
    headers = {"Cookie": f"tindak={office.keys[who]}", "Content_Length": "999999999"}
    answer = send(office, path, method, kind, **headers)
    page = answer.body.decode()
    assert answer.status == 413
    assert advice in page
    assert ("lebih kecil" in page) == ("lebih kecil" in advice)


def test_parts_without_end_are_too_many_and_no_error_of_ours(office: Office) -> None:
    person, task = office.enter("kemhan"), office.task("acknowledge")
    person.get(task)
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="n{n}"\r\n\r\n1\r\n' for n in range(2_100)
    )
    for url in (task, f"{task}/complete", "/language", "/login"):
        answer = person.client.post(url, data=f"{parts}--x--\r\n", content_type=FILES)
        assert answer.status_code == 413, url
        assert "terlalu besar" in text(answer)


def test_a_form_of_an_ended_session_is_kept_but_a_strangers_is_not(office: Office) -> None:
    person, task = office.enter("kemhan"), office.task("acknowledge")
    person.get(task)
    person.post("/logout")
    typed = {"notes": "Surat kami tertanggal kemarin."}
    assert "Surat kami" in text(person.post(f"{task}/complete", typed))
    assert "Surat kami" not in text(office.app.test_client().post(f"{task}/complete", data=typed))


def test_a_forged_form_is_not_kept_for_whoever_signs_in(office: Office) -> None:
    person = office.stranger()
    answer = person.client.post("/account", data={"locale": "dikirim dari halaman orang lain"})
    assert answer.status_code == 400


def test_the_form_of_an_ended_session_is_kept_through_the_front_though_it_is_large(
    office: Office,
) -> None:
    person = Person(office.app.test_client())
    token = TOKEN.search(text(person.client.get("/login")))
    assert token
    cookie = person.client.get_cookie("tindak-form")
    assert cookie
    content = f"csrf_token={token[1]}&notes={'Panjang. ' * 20_000}".encode()
    headers = {"Host": "localhost", "Content-Type": FORM, "Content-Length": str(len(content)),
               "Cookie": f"tindak-form={cookie.value}"}  # fmt: skip
    client = Client("POST", "/account", headers, [content])
    asyncio.run(client.visit(door_of(office.app)))
    assert client.status == 401
    assert client.body.count(b"Panjang.") == 20_000


def test_every_limit_is_about_a_route(office: Office) -> None:
    known = {rule.endpoint for rule in office.app.url_map.iter_rules()}
    assert known >= bodies.EVIDENCE | bodies.MODELS | {bodies.MODEL_FILE}


def test_basic_credentials_too_are_asked_for_before_the_body(office: Office) -> None:
    wrong = b64encode(b"owner:wrong password").decode()
    answer = send(office, "/engine-rest/message", "POST", JSON, Authorization=f"Basic {wrong}")
    assert (answer.status, answer.asked) == (401, 0)
