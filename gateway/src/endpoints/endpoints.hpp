#pragma once

#include "gateway/src/directory.hpp"
#include "gateway/src/exchange.hpp"

/// One function an operation, each in a file of its name. What they promise is the HTTP
/// contract; what they share is `ask` and the readers of `request_body.hpp`.
namespace lakegate::gateway::endpoints {

/// GET /health, GET /api/health
void get_health(const directory& services, const exchange_ptr& http);
/// GET /health/ready
void get_ready(const directory& services, const exchange_ptr& http);
/// GET /openapi.json
void get_openapi(const directory& services, const exchange_ptr& http);
/// GET /docs
void get_docs(const directory& services, const exchange_ptr& http);
/// GET /metrics, GET /api/metrics
void get_metrics(const directory& services, const exchange_ptr& http);

/// GET /api/user/me
void get_me(const directory& services, const exchange_ptr& http);
/// GET /api/user/me/workspace
void get_my_workspace(const directory& services, const exchange_ptr& http);
/// GET /api/user/auth/status
void get_auth_status(const directory& services, const exchange_ptr& http);

/// GET /api/lakebase/preferences
void list_preferences(const directory& services, const exchange_ptr& http);
/// POST /api/lakebase/preferences
void save_preference(const directory& services, const exchange_ptr& http);
/// GET /api/lakebase/preferences/{key}
void get_preference(const directory& services, const exchange_ptr& http);
/// PUT /api/lakebase/preferences/{key}
void replace_preference(const directory& services, const exchange_ptr& http);
/// DELETE /api/lakebase/preferences/{key}
void delete_preference(const directory& services, const exchange_ptr& http);

/// GET /api/unity-catalog/catalogs
void list_catalogs(const directory& services, const exchange_ptr& http);
/// GET /api/unity-catalog/schemas
void list_schemas(const directory& services, const exchange_ptr& http);
/// GET /api/unity-catalog/table-names
void list_table_names(const directory& services, const exchange_ptr& http);
/// GET /api/unity-catalog/tables
void list_tables(const directory& services, const exchange_ptr& http);
/// GET /api/unity-catalog/query
void query_table(const directory& services, const exchange_ptr& http);
/// POST /api/unity-catalog/query
void query_table_with_filters(const directory& services, const exchange_ptr& http);

/// GET /api/model-serving/endpoints
void list_endpoints(const directory& services, const exchange_ptr& http);
/// GET /api/model-serving/endpoints/{name}
void get_endpoint(const directory& services, const exchange_ptr& http);
/// GET /api/model-serving/endpoints/{name}/schema
void detect_schema(const directory& services, const exchange_ptr& http);
/// POST /api/model-serving/invoke
void invoke_model(const directory& services, const exchange_ptr& http);
/// GET /api/model-serving/logs
void list_inference_logs(const directory& services, const exchange_ptr& http);

} // namespace lakegate::gateway::endpoints
