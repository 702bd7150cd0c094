# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# What every target of the tree has in common. A room is a folder and a static library; its headers are reached as
# "room/Header.h" through a folder of symbolic links made for that room alone, so a target that does not link a room
# cannot include it.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

add_library(godwit_options INTERFACE)
target_compile_options(godwit_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wformat=2
  -fno-omit-frame-pointer
  # Wrong about std::optional at -O2; clang-tidy and the sanitizers look for the real ones.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<BOOL:${GODWIT_WERROR}>:-Werror>)
target_compile_definitions(godwit_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_KEYWORDS QT_NO_FOREACH GODWIT_VERSION="${PROJECT_VERSION}")
if(GODWIT_SANITIZE)
  target_compile_options(godwit_options INTERFACE -fsanitize=${GODWIT_SANITIZE} -fno-sanitize-recover=all
    # Guesses of g++ about code that the sanitizers have changed; they themselves know.
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds;-Wno-stringop-overflow>")
  target_link_options(godwit_options INTERFACE -fsanitize=${GODWIT_SANITIZE})
endif()
if(GODWIT_FUZZ)
  target_compile_options(godwit_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
find_program(GODWIT_MOLD mold)
if(GODWIT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# The headers of the folders FOLDER... of the current directory become reachable as "folder/Header.h" for TARGET and
# for whoever links it.
function(godwit_public_folders target)
  foreach(folder IN LISTS ARGN)
    get_filename_component(source "${CMAKE_CURRENT_SOURCE_DIR}/${folder}" ABSOLUTE)
    get_filename_component(name "${source}" NAME)
    set(root "${CMAKE_BINARY_DIR}/rooms/${target}")
    file(MAKE_DIRECTORY "${root}")
    if(NOT EXISTS "${root}/${name}")
      file(CREATE_LINK "${source}" "${root}/${name}" SYMBOLIC)
    endif()
  endforeach()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    target_include_directories(${target} INTERFACE "${CMAKE_BINARY_DIR}/rooms/${target}")
  else()
    target_include_directories(${target} PUBLIC "${CMAKE_BINARY_DIR}/rooms/${target}")
  endif()
endfunction()

# godwit_room(NAME SOURCES file... [LINK public-target...] [PRIVATE_LINK target...])
# Makes the static library godwit_NAME out of the current folder.
function(godwit_room name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  set(target "godwit_${name}")
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK} godwit_options)
  if(name MATCHES "^app_")
    godwit_precompile(${target} app)
  else()
    godwit_precompile(${target} standard)
  endif()
  godwit_public_folders(${target} .)
endfunction()

# godwit_unit_tests(ROOM SOURCES tst_x.cpp... LINK target...)
# One program for the room, one ctest entry for each tst_*.cpp; each file holds one class of the same name
# (tst_jid.cpp: class TstJid) and registers it with GODWIT_TEST(TstJid).
function(godwit_unit_tests room)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  file(GLOB found RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/tst_*.cpp")
  foreach(file IN LISTS found)
    if(NOT file IN_LIST arg_SOURCES)
      message(FATAL_ERROR "${CMAKE_CURRENT_SOURCE_DIR}/${file} is not registered with godwit_unit_tests")
    endif()
  endforeach()
  set(target "godwit_${room}_tests")
  add_executable(${target} ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/tests/unit/UnitTest.cpp")
  set_target_properties(${target} PROPERTIES AUTOMOC ON)
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/tests/unit")
  target_compile_definitions(${target} PRIVATE GODWIT_CORPUS="${PROJECT_SOURCE_DIR}/tests/corpus")
  target_link_libraries(${target} PRIVATE ${arg_LINK} Qt6::Core Qt6::Test godwit_options)
  godwit_precompile(${target} tests)
  foreach(file IN LISTS arg_SOURCES)
    get_filename_component(base "${file}" NAME_WE)
    if(base MATCHES "^tst_(.+)$")
      set(words "${CMAKE_MATCH_1}")
      add_test(NAME "unit.${room}.${words}" COMMAND ${target} "${base}")
      set_tests_properties("unit.${room}.${words}" PROPERTIES LABELS "unit" TIMEOUT 120
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LANG=C.UTF-8")
    endif()
  endforeach()
endfunction()
