"""The TAXII 2.1 server: discovery, API roots, collections. Each caller proves itself by a token or a party key.

Where two handlers share one path they are coroutines that go to a thread themselves, as in `entry_routes`.
"""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, RawBody

from safeconduct.web.api.guards import running
from safeconduct.web.api.posts import POSTS, Posts
from safeconduct.web.api.taxii_access import check_content_type
from safeconduct.web.api.taxii_answers import PLAIN, enter, filters, on_taxii_error, page, read_as_caller, resource
from safeconduct.workflows import taxii_read
from safeconduct.workflows.tables import Tx
from safeconduct.workflows.taxii_access import SIZE, Caller, to_write
from safeconduct.workflows.taxii_admin import agreement_collections
from safeconduct.workflows.taxii_post import delete_object, read_post
from safeconduct.workflows.taxii_query import read_query
from safeconduct.workflows.taxii_rows import Collection

Req = Request[Any, Any, Any]
ROOT = "/taxii/{root:str}"
COLLECTION = ROOT + "/collections/{collection:str}"
OBJECT = COLLECTION + "/objects/{object_id:str}"
ERRORS: Any = {Exception: on_taxii_error}
VERSIONS_ONLY = frozenset({"version"})
NO_FIELDS: frozenset[str] = frozenset()
POSTER = "taxii-poster"


@get("/taxii2", sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_discovery(request: Req) -> Response[bytes]:
    """Tell a TAXII client which API roots it may use."""
    node = running(request).node
    with node.store.reading() as tx:
        caller = enter(request, tx)
    agreement_collections(node)  # made on first use
    with node.store.reading() as tx:
        return resource(taxii_read.discovery(node, tx, caller))


@get(ROOT, sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_root(request: Req, root: FromPath[str]) -> Response[bytes]:
    """Describe one API root; the root of an agreement bears the agreement's id."""
    return resource(read_as_caller(request, lambda tx, caller: taxii_read.api_root(tx, caller, root)))


@get(ROOT + "/status/{status:str}", sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_status(request: Req, root: FromPath[str], status: FromPath[str]) -> Response[bytes]:
    """Tell who posted objects what became of each."""
    return resource(read_as_caller(request, lambda tx, caller: taxii_read.status(tx, caller, root, status)))


@get(ROOT + "/collections", sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_collections(request: Req, root: FromPath[str]) -> Response[bytes]:
    """List the collections of an API root that the caller may read or write."""
    return resource(read_as_caller(request, lambda tx, caller: taxii_read.collections(tx, caller, root)))


@get(COLLECTION, sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_collection(request: Req, root: FromPath[str], collection: FromPath[str]) -> Response[bytes]:
    """Describe one collection, named by its id or alias."""
    return resource(read_as_caller(request, lambda tx, caller: taxii_read.collection(tx, caller, root, collection)))


@get(COLLECTION + "/manifest", sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_manifest(request: Req, root: FromPath[str], collection: FromPath[str]) -> Response[bytes]:
    """List the versions that a collection holds, without their content."""

    def find(tx: Tx, caller: Caller) -> taxii_read.Answer:
        return taxii_read.manifest(tx, caller, root, collection, read_query(filters(request)))

    return page(read_as_caller(request, find))


@get(COLLECTION + "/objects", exception_handlers=ERRORS, opt=PLAIN)
async def taxii_objects(request: Req, root: FromPath[str], collection: FromPath[str]) -> Response[bytes]:
    """Return a page of objects, oldest first; most are answered by `taxii_pages` before they come here."""

    def find(tx: Tx, caller: Caller) -> taxii_read.Answer:
        return taxii_read.objects(tx, caller, root, collection, read_query(filters(request)))

    return page(await sync_to_thread(read_as_caller, request, find))


def poster(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let who may write to the collection through, before the body is read.

    Raises:
        HTTPException: 401, 403, 404, 406, 413 (by the announced length), 415 or 429.
    """
    with running(connection).node.store.reading() as tx:
        caller = enter(connection, tx)
        check_content_type(connection)
        found = to_write(tx, caller, connection.path_params["root"], connection.path_params["collection"])
    announced = connection.headers.get("content-length", "0")
    if announced.isdigit() and int(announced) > caller.size:
        raise _too_large(caller)
    connection.scope["state"][POSTER] = (caller, found)


@post(
    COLLECTION + "/objects", status_code=202, guards=[poster], request_max_body_size=SIZE, exception_handlers=ERRORS,
    opt=PLAIN,
)  # fmt: skip
async def taxii_add(request: Req, root: FromPath[str], collection: FromPath[str], body: RawBody) -> Response[bytes]:
    """Keep posted objects; the answer is a status resource with the fate of each."""
    del root, collection  # read by the guard
    caller, found = _poster(request)
    if len(body) > caller.size:
        raise _too_large(caller)
    node = running(request).node
    read = await sync_to_thread(read_post, node, caller, found, body)
    posts: Posts = request.app.state[POSTS]
    return resource(await posts.keep(read), status=202)


@get(OBJECT, exception_handlers=ERRORS, opt=PLAIN)
async def taxii_object(
    request: Req, root: FromPath[str], collection: FromPath[str], object_id: FromPath[str]
) -> Response[bytes]:
    """Return versions of one object, the latest by default."""

    def find(tx: Tx, caller: Caller) -> taxii_read.Answer:
        asked = read_query(filters(request), fields=VERSIONS_ONLY)
        return taxii_read.one_object(tx, caller, root, collection, object_id, asked)

    return page(await sync_to_thread(read_as_caller, request, find))


@delete(OBJECT, status_code=200, exception_handlers=ERRORS, opt=PLAIN)
async def taxii_delete(
    request: Req, root: FromPath[str], collection: FromPath[str], object_id: FromPath[str]
) -> Response[bytes]:
    """Delete an object, or some of its versions, where the caller may read and write."""

    def remove() -> None:
        node = running(request).node
        with node.store.reading() as tx:
            caller = enter(request, tx)
        asked = read_query(filters(request), fields=VERSIONS_ONLY)
        delete_object(node, caller, root, collection, object_id, asked)

    await sync_to_thread(remove)
    return resource(b"")


@get(OBJECT + "/versions", sync_to_thread=True, exception_handlers=ERRORS, opt=PLAIN)
def taxii_versions(
    request: Req, root: FromPath[str], collection: FromPath[str], object_id: FromPath[str]
) -> Response[bytes]:
    """List the versions of one object."""

    def find(tx: Tx, caller: Caller) -> taxii_read.Answer:
        asked = read_query(filters(request), fields=NO_FIELDS, all_versions=True)
        return taxii_read.versions(tx, caller, root, collection, object_id, asked)

    return page(read_as_caller(request, find))


def _poster(request: Req) -> tuple[Caller, Collection]:
    caller, found = request.scope["state"][POSTER]
    return caller, found


def _too_large(caller: Caller) -> HTTPException:
    return HTTPException(f"at most {caller.size} bytes", status_code=413)
