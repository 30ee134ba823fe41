/* Parquet files that are missing, foreign, cut off or damaged: an error with the file's name, never a crash. The argument is a sound
 * file with the string columns package and depends_on. */
#include "check.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *folder;

static const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static pf_status code_of(const char *text)
{
    const struct {
        const char *tag;
        pf_status status;
    } tags[] = {{"[PF_CORRUPT] ", PF_CORRUPT}, {"[PF_UNSUPPORTED] ", PF_UNSUPPORTED}, {"[PF_IO] ", PF_IO}, {"[PF_OUT_OF_MEMORY] ", PF_OUT_OF_MEMORY}};
    for (int i = 0; i < (int)LENGTH(tags); i++)
        if (strstr(text, tags[i].tag) != NULL) return tags[i].status;
    return PF_INTERNAL;
}

/* Reads all of a file. Gives what came of it; `rows` and `message` tell more. */
static pf_status read_all(const char *path, const pf_options *options, int64_t *rows, char *message)
{
    struct ArrowArrayStream stream;
    pf_status status = pf_parquet_read(path, options, NULL, &stream);
    if (status != PF_OK) {
        snprintf(message, 512, "%s", pf_last_error_message());
        return status;
    }
    message[0] = '\0';
    *rows = drain(&stream, message);
    return *rows >= 0 ? PF_OK : code_of(message);
}

static void a_sound_file(const char *data)
{
    char message[512];
    int64_t rows = 0;
    CHECK_INT(read_all(data, NULL, &rows, message), PF_OK);
    CHECK(rows > 100000);

    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    pf_options *options = option_i64("batch_size", 1000);
    must(pf_options_set_str_list(options, "columns", (const char *[]){"depends_on", "package"}, 2), "columns");
    CHECK_OK(pf_parquet_read(data, options, NULL, &stream));
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(schema.n_children, 2);
    CHECK_STR(schema.children[0]->name, "depends_on");
    CHECK_STR(schema.children[1]->name, "package");
    schema.release(&schema);
    struct ArrowArray batch;
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    CHECK(batch.length >= 1 && batch.length <= 1000);
    batch.release(&batch);
    stream.release(&stream); /* not read to its end */
    pf_options_free(options);
}

static void wrong_options(const char *data)
{
    struct ArrowArrayStream out;
    struct {
        pf_options *options;
        pf_status status;
        const char *part;
    } cases[] = {
        {option_i64("batch_size", 0), PF_INVALID_ARGUMENT, "batch_size"}, {option_i64("batch_size", -5), PF_INVALID_ARGUMENT, "batch_size"},
        {option_f64("batch_size", 10), PF_TYPE, "batch_size"},            {option_str("columns", "package"), PF_TYPE, "columns"},
        {option_i64("rows", 1), PF_INVALID_ARGUMENT, "rows"},             {pf_options_new(), PF_INVALID_ARGUMENT, "no such column"},
    };
    must(pf_options_set_str_list(cases[5].options, "columns", (const char *[]){"package", "no such column"}, 2), "columns");
    for (int i = 0; i < (int)LENGTH(cases); i++) {
        CHECK_REFUSED(out, pf_parquet_read(data, cases[i].options, NULL, &out), cases[i].status, cases[i].part);
        pf_options_free(cases[i].options);
    }
}

static void nothing_there(void)
{
    struct ArrowArrayStream out;
    CHECK_REFUSED(out, pf_parquet_read(path_of("missing.parquet"), NULL, NULL, &out), PF_NOT_FOUND, "missing.parquet");
    CHECK_REFUSED(out, pf_parquet_read(path_of("no/such/folder"), NULL, NULL, &out), PF_NOT_FOUND, "no/such/folder");
    CHECK_REFUSED(out, pf_parquet_read(path_of("part-?.parquet"), NULL, NULL, &out), PF_NOT_FOUND, "part-");
    CHECK_REFUSED(out, pf_parquet_read("", NULL, NULL, &out), PF_INVALID_ARGUMENT, "path");
    mkdir(path_of("empty.d"), 0777);
    CHECK_REFUSED(out, pf_parquet_read(path_of("empty.d"), NULL, NULL, &out), PF_NOT_FOUND, "empty.d");
    rmdir(path_of("empty.d"));
}

static void files_of_another_kind(void)
{
    const struct {
        const char *name, *bytes;
        size_t size;
    } files[] = {
        {"empty.parquet", "", 0},
        {"one.parquet", "P", 1},
        {"magic.parquet", "PAR1", 4},
        {"twice.parquet", "PAR1PAR1", 8},
        {"text.parquet", "package,depends_on\nbash,libc6\n", 30},
        {"zero_footer.parquet", "PAR1\0\0\0\0PAR1", 12},
        {"huge_footer.parquet", "PAR1\xff\xff\xff\x7fPAR1", 12},
        {"negative_footer.parquet", "PAR1\xff\xff\xff\xffPAR1", 12},
        {"garbage_footer.parquet", "PAR1abcdefgh\x08\0\0\0PAR1", 20},
    };
    struct ArrowArrayStream out;
    for (int i = 0; i < (int)LENGTH(files); i++) {
        write_file(path_of(files[i].name), files[i].bytes, files[i].size);
        CHECK_REFUSED(out, pf_parquet_read(path_of(files[i].name), NULL, NULL, &out), PF_CORRUPT, files[i].name);
        remove(path_of(files[i].name));
    }
}

static void files_that_are_cut_off(const unsigned char *bytes, size_t size)
{
    const size_t lengths[] = {4, 5, 11, 12, 100, size / 4, size / 2, size - 1000, size - 100, size - 9, size - 8, size - 5, size - 4, size - 1};
    for (int i = 0; i < (int)LENGTH(lengths); i++) {
        struct ArrowArrayStream out;
        write_file(path_of("cut.parquet"), bytes, lengths[i]);
        CHECK_REFUSED(out, pf_parquet_read(path_of("cut.parquet"), NULL, NULL, &out), PF_CORRUPT, "cut.parquet");
    }
}

/* One byte is wrong. Some bytes mean nothing, some are a codec or an encoding that does not exist; whatever the file says, the
 * reader stays within its memory (valgrind and the sanitizers watch) and gives a code of bad data. */
static int damage(unsigned char *bytes, size_t size, size_t at)
{
    char message[512];
    int64_t rows;
    unsigned char sound = bytes[at];
    bytes[at] = (unsigned char)(sound ^ (1U << at % 8 | 0x10));
    write_file(path_of("damaged.parquet"), bytes, size);
    bytes[at] = sound;
    pf_status status = read_all(path_of("damaged.parquet"), NULL, &rows, message);
    bool bad_data = status == PF_OK || status == PF_CORRUPT || status == PF_UNSUPPORTED;
    if (!check_true(bad_data, "damaged data has a code of bad data", __FILE__, __LINE__))
        printf("    byte %zu of %zu: %d \"%s\"\n", at, size, (int)status, message);
    if (status != PF_OK) CHECK_CONTAINS(message, "damaged.parquet");
    return status != PF_OK;
}

static void files_that_are_damaged(unsigned char *bytes, size_t size)
{
    const uint32_t footer = (uint32_t)bytes[size - 8] | (uint32_t)bytes[size - 7] << 8 | (uint32_t)bytes[size - 6] << 16;
    const size_t footer_at = size - 8 - footer, samples = quick() ? 6 : 60;
    int found = 0;
    for (size_t i = 0; i < samples; i++) found += damage(bytes, size, footer_at + i * footer / samples);
    CHECK(found > 0);
    for (size_t i = 0; i < samples; i++) damage(bytes, size, 4 + i * (footer_at - 4) / samples);
    /* The length of the footer and the closing magic. */
    for (size_t i = size - 8; i < size; i++) CHECK(damage(bytes, size, i));
    /* The heads of pages: the first bytes of the data. */
    for (size_t i = 4; i < (quick() ? 8U : 40U); i++) damage(bytes, size, i);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        printf("usage: parquet FILE\n");
        return 2;
    }
    size_t size;
    unsigned char *bytes = read_file(argv[1], &size);
    folder = scratch_folder();
    a_sound_file(argv[1]);
    wrong_options(argv[1]);
    nothing_there();
    files_of_another_kind();
    files_that_are_cut_off(bytes, size);
    files_that_are_damaged(bytes, size);
    remove_scratch_folder();
    free(bytes);
    return check_summary();
}
