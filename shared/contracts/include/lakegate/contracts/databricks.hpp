#pragma once

#include <lakegate/contracts/databricks/identity.hpp>
#include <lakegate/contracts/databricks/registry.hpp>
#include <lakegate/contracts/databricks/serving.hpp>
#include <lakegate/contracts/databricks/sql.hpp>
#include <lakegate/contracts/databricks/unity_catalog.hpp>

CAF_BEGIN_TYPE_ID_BLOCK(lakegate_databricks, 310)
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::upstream_failure))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_current_user))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::workspace_user))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_catalogs))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_schemas))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_tables))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_table))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::name_page))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::table_info))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::table_page))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::execute_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_result_chunk))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::cancel_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::cancelled_statement))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::statement_status))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::result_chunk))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::list_serving_endpoints))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::serving_endpoint_list))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_serving_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::serving_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_endpoint_openapi))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::openapi_document))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::invoke_endpoint))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::invocation_answer))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::get_mlmodel))
  CAF_ADD_TYPE_ID(lakegate_databricks, (lakegate::databricks::mlmodel_file))
CAF_END_TYPE_ID_BLOCK(lakegate_databricks)
