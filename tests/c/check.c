#include "check.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

static atomic_int passed, failed;

static bool count(bool ok)
{
    atomic_fetch_add(ok ? &passed : &failed, 1);
    return ok;
}

bool check_true(bool condition, const char *text, const char *file, int line)
{
    if (!condition) printf("%s:%d: not true: %s\n", file, line, text);
    return count(condition);
}

bool check_int(int64_t actual, int64_t expected, const char *text, const char *file, int line)
{
    if (actual != expected)
        printf("%s:%d: %s is %" PRId64 ", expected %" PRId64 "\n", file, line, text, actual, expected);
    return count(actual == expected);
}

bool check_str(const char *actual, const char *expected, const char *text, const char *file, int line)
{
    bool ok = actual == expected || (actual != NULL && expected != NULL && strcmp(actual, expected) == 0);
    if (!ok)
        printf("%s:%d: %s is \"%s\", expected \"%s\"\n", file, line, text, actual ? actual : "NULL", expected ? expected : "NULL");
    return count(ok);
}

bool check_contains(const char *actual, const char *part, const char *text, const char *file, int line)
{
    bool ok = actual != NULL && strstr(actual, part) != NULL;
    if (!ok) printf("%s:%d: %s is \"%s\", which has no \"%s\"\n", file, line, text, actual ? actual : "NULL", part);
    return count(ok);
}

bool check_status(pf_status actual, pf_status expected, const char *part, const char *text, const char *file, int line)
{
    const char *message = actual == PF_OK ? "" : pf_last_error_message();
    bool ok = actual == expected && (part == NULL || strstr(message, part) != NULL);
    if (!ok)
        printf("%s:%d: %s\n    returned %d \"%s\", expected %d%s%s\n", file, line, text, (int)actual, message, (int)expected,
               part ? " with " : "", part ? part : "");
    return count(ok);
}

bool check_untouched(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0xA5) return false;
    return true;
}

int check_summary(void)
{
    printf("%d passed, %d failed\n", atomic_load(&passed), atomic_load(&failed));
    return atomic_load(&failed) == 0 && atomic_load(&passed) > 0 ? 0 : 1;
}
