# SPDX-FileCopyrightText: 2026 The Godwit authors
# SPDX-License-Identifier: MPL-2.0
#
# Headers that are read once a build and not once a file: most of the time of a compiler went into the same few. A set is
# made by one target and used by all others that name it, so all of them must be compiled in the same way; the compiler
# fails where they are not (-Winvalid-pch). No source may lean on a set: clang-tidy reads every file without.

# ccache can look into sets of GCC only (build.sh sets what it may be lax about).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(GODWIT_PRECOMPILED ON)
  # One kind of position independent code for libraries and programs; for ccache, and for the size of the sets.
  target_compile_options(godwit_options INTERFACE -fPIC -fpch-preprocess)
endif()

# Qt6::Test tells each target where it and its sources are, for QFINDTESTDATA, which no test uses; then no two could share a set.
# And g++ takes headers of a set for ours when it warns of strings that its optimiser misunderstands.
set(godwit_tests_options -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR -Wno-array-bounds -Wno-stringop-overflow)

# godwit_precompiled_set(NAME HEADERS header... [LINK target...])
function(godwit_precompiled_set name)
  cmake_parse_arguments(arg "" "" "HEADERS;LINK" ${ARGN})
  if(NOT GODWIT_PRECOMPILED)
    return()
  endif()
  set(source "${CMAKE_BINARY_DIR}/precompiled/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT "// A set of headers needs a target, and a target a source.\n")
  add_library(godwit_precompiled_${name} OBJECT "${source}")
  target_link_libraries(godwit_precompiled_${name} PRIVATE ${arg_LINK} Qt6::Core godwit_options)
  target_compile_options(godwit_precompiled_${name} PRIVATE ${godwit_${name}_options})
  list(TRANSFORM arg_HEADERS REPLACE "(.+)" "<\\1>")
  target_precompile_headers(godwit_precompiled_${name} PRIVATE ${arg_HEADERS})
endfunction()

# godwit_precompile(TARGET SET)
function(godwit_precompile target name)
  if(GODWIT_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM godwit_precompiled_${name})
    target_compile_options(${target} PRIVATE ${godwit_${name}_options})
  endif()
endfunction()

set(standard algorithm array atomic cerrno charconv chrono cstddef cstdint cstdio cstring deque functional map memory
  mutex optional set span string string_view unordered_map utility variant vector)
godwit_precompiled_set(standard HEADERS ${standard})
if(GODWIT_APP)
  godwit_precompiled_set(app HEADERS ${standard} QByteArray QCoreApplication QDateTime QFile QHash QList QObject QString
    QStringList QTimer QUrl QUuid QVariant)
endif()
if(GODWIT_TESTS)
  # The parts of QTest that do not ask which other parts of Qt a target links.
  godwit_precompiled_set(tests HEADERS ${standard} QFile QObject QSignalSpy QTemporaryDir QtTest/qbenchmark.h
    QtTest/qtestcase.h QtTest/qtestdata.h LINK Qt6::Test)
endif()
