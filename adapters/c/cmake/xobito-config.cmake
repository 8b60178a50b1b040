# find_package(xobito): in the package as it was made, or where `cmake --install` put it.

include("${CMAKE_CURRENT_LIST_DIR}/xobito-archive.cmake")
if(EXISTS "${CMAKE_CURRENT_LIST_DIR}/../../libxobito.a")
    get_filename_component(_xobito_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
    set(XOBITO_ARCHIVE "${_xobito_prefix}/lib/libxobito.a")
else()
    get_filename_component(_xobito_prefix "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
endif()
xobito_import("${_xobito_prefix}/include")
unset(_xobito_prefix)
