# Writes OUTPUT, the definitions of gateway/src/embedded_files.hpp, from the files beside OPENAPI.
#   cmake -DOPENAPI=… -DDOCS=… -DOUTPUT=… -P embed.cmake
function(define NAME FILE)
  file(READ ${FILE} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "namespace {\nconstexpr char ${NAME}_bytes[] = {${bytes}};\n}\n")
  string(APPEND text "std::string_view ${NAME}() noexcept { return {${NAME}_bytes, sizeof(${NAME}_bytes)}; }\n")
  set(text "${text}" PARENT_SCOPE)
endfunction()

set(text "#include \"gateway/src/embedded_files.hpp\"\n\nnamespace lakegate::gateway::embedded {\n\n")
define(openapi_json ${OPENAPI})
define(docs_html ${DOCS})
string(APPEND text "\n} // namespace lakegate::gateway::embedded\n")
file(WRITE ${OUTPUT} "${text}")
