#include "src/app/command.hpp"

int main(int argc, char** argv) { return coterie::run_program(argc, argv); }
