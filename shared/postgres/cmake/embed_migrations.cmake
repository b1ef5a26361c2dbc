# lakegate_embed_migrations(SERVICE OUT)
#
# Embeds migrations/NNNN_name.sql of the calling folder into a source file, whose path is put
# into the variable OUT. It defines
#
#   namespace lakegate::SERVICE { const postgres::migration_set& migrations(); }
#
# which the service declares in a header of its own (a `-` of its name is a `_` there).
function(lakegate_embed_migrations SERVICE OUT)
  set(writer ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/write_migrations.cmake)
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
  set(result ${CMAKE_CURRENT_BINARY_DIR}/migrations.cpp)
  add_custom_command(
    OUTPUT ${result}
    COMMAND ${CMAKE_COMMAND} -DSERVICE=${SERVICE} "-DFILES=${files}" -DRESULT=${result}
            -P ${writer}
    DEPENDS ${files} ${writer}
    COMMENT "Embedding the migrations of ${SERVICE}"
    VERBATIM)
  set_source_files_properties(${result} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  set(${OUT} ${result} PARENT_SCOPE)
endfunction()
