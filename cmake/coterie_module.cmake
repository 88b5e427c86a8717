# coterie_module(NAME FOLDER [PUBLIC target...] [PRIVATE target...])
#
# The one way to declare a module: a static library coterie::NAME of every .cpp below FOLDER. Headers that other modules
# may use lie in include/coterie; a module's own headers lie beside its sources and are found from the project's root.
# The glob is checked at every build, so a new metric, source or writer is one file and one line in its registry.
function(coterie_module name folder)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp)
  add_library(coterie_${name} STATIC ${sources})
  add_library(coterie::${name} ALIAS coterie_${name})
  set_target_properties(coterie_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(coterie_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}
                                                    ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(coterie_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} coterie::flags)
endfunction()
