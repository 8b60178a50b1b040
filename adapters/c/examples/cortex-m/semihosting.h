/* Printing through a debugger or QEMU, and what the linker knows. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

void print(const char *text);
void print_bytes(const char *bytes, size_t length);
void print_number(uint32_t number);
uint32_t flash_of_library(void);

#endif
