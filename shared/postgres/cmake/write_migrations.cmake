# Run by embed_migrations.cmake at build time: SERVICE, FILES and RESULT are given.
string(REPLACE "-" "_" namespace ${SERVICE})
set(steps "")
set(last 0)
list(SORT FILES)
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+$")
    message(FATAL_ERROR "${file}: a migration is named NNNN_what_it_does.sql")
  endif()
  math(EXPR version "1${CMAKE_MATCH_1} - 10000")
  math(EXPR expected "${last} + 1")
  if(NOT version EQUAL expected)
    message(FATAL_ERROR "${file}: expected version ${expected}")
  endif()
  set(last ${version})
  file(READ ${file} sql)
  string(APPEND steps "      {${version}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${RESULT} "#include <lakegate/postgres/migrations.hpp>

namespace lakegate::${namespace} {

const postgres::migration_set& migrations();

const postgres::migration_set& migrations() {
  static const postgres::migration_set steps{
    \"${SERVICE}\",
    {
${steps}    }};
  return steps;
}

} // namespace lakegate::${namespace}
")
