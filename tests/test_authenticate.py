"""n8nlite.authenticate and n8nlite.oauth1."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from n8nlite.authenticate import authentication, check_domain
from n8nlite.errors import ApiError, CredentialError, NodeError
from n8nlite.oauth1 import OAuth1


@pytest.mark.parametrize(
    ("type_name", "data", "headers"),
    [
        ("httpBasicAuth", {"user": "ü", "password": "p:w"}, {"Authorization": "Basic w7w6cDp3"}),
        ("httpBearerAuth", {"token": "t"}, {"Authorization": "Bearer t"}),
        ("httpHeaderAuth", {"name": "X-Key", "value": "v"}, {"X-Key": "v"}),
        ("httpHeaderAuth", {"name": "", "value": ""}, {}),
        (
            "httpMultipleHeadersAuth",
            {"headers": {"values": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}},
            {"A": "1", "B": "2"},
        ),
        (
            "oAuth2Api",
            {"oauthTokenData": {"access_token": "AT"}},
            {"Authorization": "Bearer AT"},
        ),
        (
            "googleSheetsOAuth2Api",
            {"oauthTokenData": '{"access_token": "AT"}'},
            {"Authorization": "Bearer AT"},
        ),
        ("clickUpOAuth2Api", {"oauthTokenData": {"access_token": "AT"}}, {"Authorization": "AT"}),
        ("slackApi", {"accessToken": "xoxb"}, {"Authorization": "Bearer xoxb"}),
        (
            "notionApi",
            {"apiKey": "k"},
            {"Authorization": "Bearer k", "Notion-Version": "2022-02-22"},
        ),
        ("githubApi", {"accessToken": "k"}, {"Authorization": "token k"}),
        (
            "openAiApi",
            {"apiKey": "k", "header": True, "headerName": "X-H", "headerValue": "h"},
            {"Authorization": "Bearer k", "OpenAI-Organization": "", "X-H": "h"},
        ),
        ("twilioApi", {"accountSid": "a", "authToken": "b"}, {"Authorization": "Basic YTpi"}),
        ("telegramApi", {"accessToken": "k"}, {}),
    ],
)
def test_headers(type_name: str, data: dict[str, Any], headers: dict[str, str]) -> None:
    """What n8n puts into the headers for a credential."""
    assert authentication(type_name, data).headers == headers


def test_query_and_body() -> None:
    assert authentication("httpQueryAuth", {"name": "k", "value": "v"}).query == {"k": "v"}
    assert authentication("trelloApi", {"apiKey": "a", "apiToken": "b"}).query == {
        "key": "a",
        "token": "b",
    }
    assert authentication("pushoverApi", {"apiKey": "a"}).body == {"token": "a"}


def test_custom_auth() -> None:
    custom = '{"headers": {"X": 1}, "qs": {"q": "2"}, "body": {"b": 3}}'
    parts = authentication("httpCustomAuth", {"json": custom})
    assert (parts.headers, parts.query, parts.body) == ({"X": "1"}, {"q": "2"}, {"b": 3})
    with pytest.raises(NodeError, match="Invalid Custom Auth JSON"):
        authentication("httpCustomAuth", {"json": "bad"})


def test_a_credential_never_connected_says_so() -> None:
    with pytest.raises(ApiError, match="Unable to sign without access token"):
        authentication("oAuth2Api", {"oauthTokenData": ""})


def test_an_unknown_type_says_so() -> None:
    with pytest.raises(CredentialError, match="nothingApi"):
        authentication("nothingApi", {})


def test_oauth1_signs_as_in_the_rfc() -> None:
    """The example of RFC 5849, section 3.4.1."""
    auth = OAuth1(
        {
            "consumerKey": "9djdj82h48djs9d2",
            "consumerSecret": "j49sk3j29djd",
            "oauthTokenData": {
                "oauth_token": "kkk9d7dh3k39sjv7",
                "oauth_token_secret": "dh893hdasih9",
            },
        }
    )
    request = httpx.Request(
        "POST",
        "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
        content=b"c2&a3=2+q",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    fields = {
        "oauth_consumer_key": "9djdj82h48djs9d2",
        "oauth_token": "kkk9d7dh3k39sjv7",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131201",
        "oauth_nonce": "7d8f3e4a",
    }
    assert auth.signature(request, fields) == "r6/TJjbCOr97/+UU0NsvSne7s5g="


def test_oauth1_puts_its_header_on_the_request() -> None:
    auth = authentication("oAuth1Api", {"consumerKey": "ck", "consumerSecret": "cs"}).auth
    assert auth is not None
    (request,) = auth.sync_auth_flow(httpx.Request("GET", "https://api.test/"))
    assert request.headers["Authorization"].startswith(
        'OAuth oauth_consumer_key="ck", oauth_nonce='
    )


@pytest.mark.parametrize(
    ("allowed", "url", "fits"),
    [
        ("example.com", "https://example.com/x", True),
        ("a.test, *.example.com", "https://api.v2.example.com:8443/x", True),
        ("*.example.com", "https://example.com/", False),
        ("*.example.com", "https://example.com.evil.test/", False),
        ("*.example.com", "https://evilexample.com/", False),
        ("*.example.com", "https://api.example.com@evil.test/", False),
        ("EXAMPLE.com", "https://Example.COM/", True),
    ],
)
def test_a_credential_goes_only_where_it_may(allowed: str, url: str, fits: bool) -> None:
    """Wildcards match label by label, and nothing else in the URL passes for the host."""
    data = {"allowedHttpRequestDomains": "domains", "allowedDomains": allowed}
    if fits:
        check_domain(data, url)
    else:
        with pytest.raises(ApiError, match="Domain not allowed: This credential is restricted"):
            check_domain(data, url)


def test_domain_settings_that_allow_nothing() -> None:
    with pytest.raises(NodeError, match="prevent use within an HTTP Request"):
        check_domain({"allowedHttpRequestDomains": "none"}, "https://a.test/")
    with pytest.raises(NodeError, match="No allowed domains specified"):
        check_domain({"allowedHttpRequestDomains": "domains"}, "https://a.test/")
