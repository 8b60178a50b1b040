# Finds the archive for what is being compiled, and makes the target xobito::xobito of it.
#
# XOBITO_TARGET names the target as rustc does; without it the C compiler is asked. XOBITO_ARCHIVE is the archive itself.

# What the C compiler compiles for, in rustc's words. Where there is no archive for it, configuring ends here: without a
# target cargo would make the archives of all, and linking with one of them would fail.
function(xobito_find_target result)
    separate_arguments(flags UNIX_COMMAND "${CMAKE_C_FLAGS}")
    execute_process(
        COMMAND "${CMAKE_C_COMPILER}" ${flags} -x c -dM -E -
        INPUT_FILE /dev/null
        OUTPUT_VARIABLE macros
        ERROR_QUIET)
    set(target "")
    if(macros MATCHES "__ARM_ARCH_6M__|__ARM_ARCH_8M_BASE__")
        set(target thumbv6m-none-eabi)
    elseif(macros MATCHES "__ARM_ARCH_7M__")
        set(target thumbv7m-none-eabi)
    elseif(macros MATCHES "__ARM_ARCH_7EM__")
        set(target thumbv7em-none-eabi)
    elseif(macros MATCHES "__ARM_ARCH_8M_MAIN__|__ARM_ARCH_8_1M_MAIN__")
        set(target thumbv8m.main-none-eabi)
    elseif(macros MATCHES "__riscv_xlen 32" AND macros MATCHES "__riscv_atomic|__riscv_a ")
        set(target riscv32imac-unknown-none-elf)
    elseif(macros MATCHES "__riscv_xlen 32")
        set(target riscv32imc-unknown-none-elf)
    elseif(macros MATCHES "__x86_64__" AND macros MATCHES "__linux__")
        set(target x86_64-unknown-linux-gnu)
    elseif(macros MATCHES "__aarch64__" AND macros MATCHES "__linux__")
        set(target aarch64-unknown-linux-gnu)
    endif()
    if(target MATCHES "^thumbv[78]" AND macros MATCHES "__ARM_PCS_VFP")
        string(APPEND target "hf")
    endif()
    if(NOT target)
        message(FATAL_ERROR
            "xobito: ${CMAKE_C_COMPILER} compiles for ${CMAKE_SYSTEM_NAME} ${CMAKE_SYSTEM_PROCESSOR} (flags: '${CMAKE_C_FLAGS}'), "
            "which is none of the targets known here; set XOBITO_TARGET to rustc's name for it, or XOBITO_ARCHIVE to an archive")
    endif()
    set(${result} "${target}" PARENT_SCOPE)
endfunction()

# The archive for a target: one that lies here, or one that cargo makes, where this is the project's own tree.
function(xobito_find_archive target result)
    get_filename_component(root "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.." ABSOLUTE)
    set(archive "${root}/lib/${target}/libxobito.a")
    if(NOT EXISTS "${archive}" AND EXISTS "${root}/../../xtask/Cargo.toml")
        message(STATUS "xobito: making the archive for ${target} with cargo")
        execute_process(
            COMMAND cargo xtask dist "${target}"
            WORKING_DIRECTORY "${root}/../.."
            OUTPUT_VARIABLE said
            RESULT_VARIABLE failed)
        if(failed)
            message(FATAL_ERROR "xobito: `cargo xtask dist ${target}` failed")
        endif()
        string(REGEX MATCH "[^\n]*/libxobito.a \\([0-9]+ bytes\\)" line "${said}")
        string(REGEX REPLACE " \\([0-9]+ bytes\\)" "" archive "${line}")
    endif()
    if(NOT EXISTS "${archive}")
        message(FATAL_ERROR "xobito: there is no archive for the target '${target}'; name one by XOBITO_TARGET or XOBITO_ARCHIVE")
    endif()
    set(${result} "${archive}" PARENT_SCOPE)
endfunction()

# The imported target xobito::xobito, with the header that lies in `include`.
macro(xobito_import include)
    if(NOT TARGET xobito::xobito)
        if(NOT XOBITO_ARCHIVE)
            if(NOT XOBITO_TARGET)
                xobito_find_target(XOBITO_TARGET)
            endif()
            xobito_find_archive("${XOBITO_TARGET}" XOBITO_ARCHIVE)
        endif()
        add_library(xobito::xobito STATIC IMPORTED GLOBAL)
        set_target_properties(xobito::xobito PROPERTIES
            IMPORTED_LOCATION "${XOBITO_ARCHIVE}"
            INTERFACE_INCLUDE_DIRECTORIES "${include}")
    endif()
endmacro()
