/* CHECK(condition) counts, and says where one does not hold. */
#ifndef CHECK_H
#define CHECK_H

#include <stddef.h>

extern unsigned long checks, failures;

void check(int holds, const char *condition, const char *file, int line);

#define CHECK(condition) check((condition) != 0, #condition, __FILE__, __LINE__)

/* Memory of exactly this size, so that a byte beyond it is noticed. */
void *exactly(size_t size);

#endif
