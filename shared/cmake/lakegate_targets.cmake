# One verb a kind of target; the only place with compiler flags.
#
#   lakegate_library(NAME  SRCS … [DEPS …] [TESTS …] [TEST_DEPS …] [TEST_NEEDS …])
#   lakegate_service(NAME  SRCS … [DEPS …] [TESTS …] [TEST_DEPS …] [TEST_NEEDS …])
#                              library of all but src/main.cpp, executable, unit tests
#   lakegate_test(NAME     SRCS … [DEPS …] LABELS … [NEEDS …])
#   lakegate_in_batches(TARGET)                        what only tests are made of
#
# What tests need, ctest starts before the first of them: `postgres`, the cluster that
# postgres_cluster::shared() gives (shared/testing).
#
# A library's public headers are in include/lakegate/NAME/. Tests are registered with ctest
# one by one under NAME. (suite.test), with the label `unit` and the name of their part.
include(GoogleTest)

add_library(lakegate_flags INTERFACE)
target_compile_features(lakegate_flags INTERFACE cxx_std_20)
target_compile_options(lakegate_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
target_include_directories(lakegate_flags INTERFACE ${PROJECT_SOURCE_DIR})
# What one source keeps to itself is in sight of the next one where several are compiled as one.
target_compile_options(lakegate_flags INTERFACE
  "$<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-shadow;-Wno-subobject-linkage>")

set(LAKEGATE_SANITIZER "" CACHE STRING "address or thread; empty: none")
if(LAKEGATE_SANITIZER STREQUAL "address")
  # CAF 0.17.6 binds null references in its own headers; nothing of ours is exempt.
  set(_sanitize -fsanitize=address,undefined -fno-sanitize=null,vptr -fno-sanitize-recover=undefined
      -fno-omit-frame-pointer)
  # The memory checker sees overflows that this warning only suspects, wrongly, at -O1.
  target_compile_options(lakegate_flags INTERFACE ${_sanitize} -Wno-maybe-uninitialized)
  target_link_options(lakegate_flags INTERFACE ${_sanitize})
elseif(LAKEGATE_SANITIZER STREQUAL "thread")
  # asio has fences besides its locks; the sanitizer does not see them, and need not.
  target_compile_options(lakegate_flags INTERFACE -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
  target_link_options(lakegate_flags INTERFACE -fsanitize=thread)
endif()

option(LAKEGATE_COVERAGE "Instrument for gcovr" OFF)
if(LAKEGATE_COVERAGE)
  target_compile_options(lakegate_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(lakegate_flags INTERFACE --coverage)
endif()

find_program(LAKEGATE_MOLD mold)
if(LAKEGATE_MOLD)
  target_link_options(lakegate_flags INTERFACE -fuse-ld=mold)
endif()

# What the programs allocate with: a request is built on one thread and let go on another,
# which costs glibc's arenas a tenth of the time (benchmarks/README.md). The sanitizers bring
# allocators of their own.
add_library(lakegate_allocator INTERFACE)
if(NOT LAKEGATE_SANITIZER)
  find_package(mimalloc REQUIRED)
  # It takes malloc's place by being loaded; no symbol of its own is asked for.
  target_link_libraries(lakegate_allocator INTERFACE
    -Wl,--push-state,--no-as-needed mimalloc -Wl,--pop-state)
endif()

# Where each run of ctest says how to reach its PostgreSQL.
set(LAKEGATE_TEST_CLUSTERS ${PROJECT_BINARY_DIR}/Testing/clusters)

# Nearly all the time of a test's source goes into headers (GoogleMock's, CAF's), so a few are
# compiled as one where the product is compiled source by source: half of the time from
# nothing, and a change of one source still waits for few others (docs/testing.md). A preset
# that compiles whole targets as one says so itself.
function(lakegate_in_batches TARGET)
  if(NOT CMAKE_UNITY_BUILD)
    set_target_properties(${TARGET} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 4)
  endif()
endfunction()

function(lakegate_test NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;LABELS;NEEDS;PROPERTIES" ${ARGN})
  if(NOT BUILD_TESTING)
    return()
  endif()
  add_executable(${NAME} ${ARG_SRCS})
  lakegate_in_batches(${NAME})
  target_link_libraries(${NAME} PRIVATE lakegate_flags ${ARG_DEPS} GTest::gmock_main)
  if(ARG_NEEDS)
    add_dependencies(${NAME} lakegate-test-cluster)
    list(APPEND ARG_PROPERTIES FIXTURES_REQUIRED ${ARG_NEEDS}
         ENVIRONMENT LAKEGATE_TEST_CLUSTERS=${LAKEGATE_TEST_CLUSTERS})
  endif()
  # Three evaluations lie between here and ctest, and each eats half of the backslashes;
  # with fewer of them all labels but the first, and the timeout, would be lost.
  list(JOIN ARG_LABELS [[\\\\\\\;]] labels)
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    TEST_PREFIX ${NAME}.
    PROPERTIES LABELS "${labels}" TIMEOUT 120 ${ARG_PROPERTIES})
endfunction()

function(lakegate_library NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;TESTS;TEST_DEPS;TEST_NEEDS" ${ARGN})
  add_library(lakegate-${NAME} STATIC ${ARG_SRCS})
  target_include_directories(lakegate-${NAME} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(lakegate-${NAME} PUBLIC lakegate_flags ${ARG_DEPS})
  if(ARG_TESTS)
    lakegate_test(${NAME}-tests SRCS ${ARG_TESTS} DEPS lakegate-${NAME} ${ARG_TEST_DEPS}
                  LABELS unit ${NAME} NEEDS ${ARG_TEST_NEEDS})
  endif()
endfunction()

function(lakegate_service NAME)
  cmake_parse_arguments(ARG "" "" "SRCS;DEPS;TESTS;TEST_DEPS;TEST_NEEDS" ${ARGN})
  add_library(lakegate-${NAME}-parts STATIC ${ARG_SRCS})
  target_link_libraries(lakegate-${NAME}-parts PUBLIC lakegate_flags ${ARG_DEPS})
  add_executable(lakegate-${NAME} src/main.cpp)
  target_link_libraries(lakegate-${NAME} PRIVATE lakegate-${NAME}-parts lakegate_allocator)
  install(TARGETS lakegate-${NAME} RUNTIME DESTINATION bin)
  if(ARG_TESTS)
    lakegate_test(${NAME}-tests SRCS ${ARG_TESTS} DEPS lakegate-${NAME}-parts ${ARG_TEST_DEPS}
                  LABELS unit ${NAME} NEEDS ${ARG_TEST_NEEDS})
  endif()
endfunction()
