# Flags of the project's own code, linked PRIVATE so that they never reach a dependency.
add_library(coterie_flags INTERFACE)
add_library(coterie::flags ALIAS coterie_flags)
target_compile_options(
  coterie_flags
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
            # GCC 12 sees overlaps in std::string that cannot be (GCC bug 105651).
            -Wno-restrict
            # Contracted multiply-adds would make a report depend on the machine (the same dataset, the same bytes).
            -ffp-contract=off $<$<BOOL:${COTERIE_WERROR}>:-Werror>)
if(COTERIE_SANITIZE)
  # Every target, so that containers cross module boundaries with one layout.
  add_compile_options(-fsanitize=${COTERIE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${COTERIE_SANITIZE})
endif()
