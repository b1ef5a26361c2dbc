"""Walks a running sandbox with the official Databricks SDK for Python; not part of the suite.

    DATABRICKS_HOST=http://127.0.0.1:8181 python3 services/sandbox/tests/official_sdk_check.py

Exits 77 (skipped) where the SDK is not installed.
"""

import os
import sys

try:
    from databricks.sdk import WorkspaceClient, errors
    from databricks.sdk.service.serving import ChatMessage, ChatMessageRole
    from databricks.sdk.service.sql import StatementParameterListItem, StatementState
except ImportError:
    print("skipped: databricks-sdk is not installed")
    sys.exit(77)

HOST = os.environ.get("DATABRICKS_HOST", "http://127.0.0.1:8181")


def client(token):
    return WorkspaceClient(host=HOST, token=token, auth_type="pat")


def refused(kind, call):
    try:
        call()
    except kind:
        return
    raise AssertionError(f"expected {kind.__name__}")


def check_identity(engineer):
    assert engineer.current_user.me().user_name == "engineer@example.com"
    app = WorkspaceClient(host=HOST, client_id="sandbox-client",
                          client_secret="sandbox-secret", auth_type="oauth-m2m")
    assert app.current_user.me().user_name == "sandbox-client"
    refused(errors.PermissionDenied, lambda: client("sandbox-expired").current_user.me())


def check_catalog(engineer, analyst, guest):
    assert [c.name for c in engineer.catalogs.list()] == ["main", "samples"]
    assert list(guest.catalogs.list()) == []
    assert [s.name for s in analyst.schemas.list("main")] == ["sales"]
    assert len(list(engineer.tables.list("main", "sales"))) >= 6
    assert len(engineer.tables.get("main.sales.every_type").columns) == 24
    refused(errors.NotFound, lambda: engineer.tables.get("main.sales.nope"))
    refused(errors.PermissionDenied, lambda: list(analyst.tables.list("main", "default")))


def check_statements(engineer):
    sql = engineer.statement_execution
    region = StatementParameterListItem(name="region", value="3", type="BIGINT")
    answer = sql.execute_statement(
        "SELECT n_name FROM samples.tpch.nation WHERE n_regionkey = :region ORDER BY 1",
        "sandbox", parameters=[region])
    assert answer.result.data_array[0] == ["FRANCE"]
    answer = sql.execute_statement("SELECT * FROM main.sales.orders", "sandbox")
    rows, following = len(answer.result.data_array), answer.result.next_chunk_index
    while following is not None:
        chunk = sql.get_statement_result_chunk_n(answer.statement_id, following)
        rows, following = rows + len(chunk.data_array), chunk.next_chunk_index
    assert rows == 1200
    failed = sql.execute_statement("SELECT * FROM main.sales.nope", "sandbox").status
    assert failed.state == StatementState.FAILED
    assert failed.error.message.startswith("[TABLE_OR_VIEW_NOT_FOUND]")


def check_serving(engineer, guest):
    serving = engineer.serving_endpoints
    assert len(list(serving.list())) == 8
    assert list(guest.serving_endpoints.list()) == []
    fare = serving.query("nyctaxi-fare",
                         dataframe_records=[{"trip_distance": 2.5, "pickup_hour": 8}])
    assert 9 < fare.predictions[0] < 11
    chat = serving.query("sandbox-chat", messages=[
        ChatMessage(content="hello", role=ChatMessageRole.USER)])
    assert chat.choices[0].message.content.startswith('You said: "hello".')
    assert b"openapi" in serving.get_open_api("nyctaxi-fare").contents.read()
    refused(errors.InternalError,
            lambda: serving.query("broken-model", inputs={"x": [1.0]}))


def main():
    engineer, analyst, guest = (client(f"sandbox-{name}")
                                for name in ("engineer", "analyst", "guest"))
    check_identity(engineer)
    check_catalog(engineer, analyst, guest)
    check_statements(engineer)
    check_serving(engineer, guest)
    print("the official SDK sees a workspace")


if __name__ == "__main__":
    main()
