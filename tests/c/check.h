/* Assertions of the C and C++ tests. A check that fails says what and where, and the test goes on; `return check_summary();` ends
 * main with the closing line and the exit code. Checks may be made on any thread. */
#ifndef CHECK_H
#define CHECK_H

#include <libparquetframe.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A condition holds. */
#define CHECK(...) check_true((__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

/* Two integers are equal. */
#define CHECK_INT(actual, expected) check_int((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)

/* Two strings are equal; NULL equals NULL. */
#define CHECK_STR(actual, expected) check_str((actual), (expected), #actual, __FILE__, __LINE__)

/* A string contains another. */
#define CHECK_CONTAINS(text, part) check_contains((text), (part), #text, __FILE__, __LINE__)

/* A call succeeds. */
#define CHECK_OK(call) check_status((call), PF_OK, NULL, #call, __FILE__, __LINE__)

/* A call fails with a status, and its message contains a text. */
#define CHECK_FAILS(call, status, part) check_status((call), (status), (part), #call, __FILE__, __LINE__)

/* The same, and the output that it was given is not touched. */
#define CHECK_REFUSED(output, call, status, part)                              \
    do {                                                                       \
        memset(&(output), 0xA5, sizeof(output));                               \
        CHECK_FAILS(call, status, part);                                       \
        check_true(check_untouched(&(output), sizeof(output)), #output " is untouched after " #call, __FILE__, __LINE__); \
    } while (0)

#ifdef __cplusplus
extern "C" {
#endif

bool check_true(bool condition, const char *text, const char *file, int line);
bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line);
bool check_str(const char *actual, const char *expected, const char *text, const char *file, int line);
bool check_contains(const char *actual, const char *part, const char *text, const char *file, int line);
bool check_status(pf_status actual, pf_status expected, const char *part, const char *text, const char *file, int line);
bool check_untouched(const void *memory, size_t size);

/* Prints "N passed, N failed"; 0 when nothing failed and something passed. */
int check_summary(void);

#ifdef __cplusplus
}
#endif

#endif
