# The themes as C strings: awk -f theme_texts.awk FILE.ini ... > theme_texts.c
BEGIN {
    print "/* Made from data/themes by theme_texts.awk. */"
    print "#include <stddef.h>\n"
    print "struct theme_text {\n    const char *name, *text;\n};"
    print "extern const struct theme_text theme_texts[];"
    print "const struct theme_text theme_texts[] = {"
}
FNR == 1 {
    if (NR > 1)
        print "    },"
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.ini$/, "", name)
    print "    {\n        \"" name "\","
}
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    print "        \"" $0 "\\n\""
}
END {
    print "    },\n    {NULL, NULL},\n};"
}
