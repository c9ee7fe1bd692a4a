#include "core/unitword.h"

#include <string.h>
#include <strings.h>

#include "core/words.h"

#define LONGEST 24

/* As words_in(), but symbols differ by case: mW is not MW. */
static bool among(const char *list, const char *word, size_t len)
{
    while (len > 0 && *list) {
        size_t listed = strcspn(list, "|");
        if (listed == len && memcmp(list, word, len) == 0)
            return true;
        list += listed;
        list += *list == '|';
    }
    return false;
}

static bool symbol_known(const char *word, size_t len)
{
    static const char with_prefix[] =
        "V|A|Ah|W|Wh|VA|VAh|var|varh|VAr|Hz|Pa|bar|m|g|s|l|L|J|N|K|lx|"
        "lm|mol|B|b|bit|bps|eV|Bq|Sv|S|T|Ω|Ohm|ohm|cal|Wp";
    static const char alone[] = "%|%RH|‰|°C|°F|°K|°|℃|℉|C|F|h|d|min|sec|rpm|ppm|ppb|dB|dBm|dBA|"
                                "dB(A)|dBFS|mmHg|inHg|psi|atm|in|ft|mi|mph|kn|kt|kph|kmh|pH|gal|oz|"
                                "lb|lbs|t|pcs|fps|bpm|px|Cel|degC|degF|m3|m2|m3h|uSv|imp";
    static const char *const prefixes[] = {"k", "M", "G", "T", "m", "µ", "μ",
                                           "u", "n", "p", "h", "d", "c"};
    if (among(with_prefix, word, len) || among(alone, word, len))
        return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t skip = strlen(prefixes[i]);
        if (len > skip && memcmp(word, prefixes[i], skip) == 0 &&
            among(with_prefix, word + skip, len - skip))
            return true;
    }
    return false;
}

/* One side of a quotient: a word, or a symbol with or without an exponent. */
static bool factor_known(const char *word, size_t len)
{
    static const char words[] =
        "celsius|fahrenheit|kelvin|percent|pct|degree|degrees|deg|second|seconds|secs|minute|"
        "minutes|mins|hour|hours|hrs|day|days|week|weeks|volt|volts|watt|watts|amp|amps|ampere|"
        "amperes|ohms|lux|lumen|liter|liters|litre|litres|meter|meters|metre|metres|gram|grams|"
        "byte|bytes|bits|pascal|hertz|knots|inch|inches|feet|miles|gallons|pulses|counts|bars|"
        "watthours|joule|joules|newton|rev";
    static const char *const exponents[] = {"2", "3", "²", "³", "^2", "^3"};
    if (words_in(words, word, len) || symbol_known(word, len))
        return true;
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        size_t tail = strlen(exponents[i]);
        if (len > tail && memcmp(word + len - tail, exponents[i], tail) == 0 &&
            symbol_known(word, len - tail))
            return true;
    }
    return false;
}

bool unitword_known(const char *word, size_t len)
{
    if (len == 0 || len > LONGEST)
        return false;
    const char *slash = memchr(word, '/', len);
    if (!slash)
        return factor_known(word, len);
    size_t above = (size_t)(slash - word);
    return factor_known(word, above) && factor_known(slash + 1, len - above - 1);
}

/* Which quantities a single letter may be the unit of. */
static bool letter_fits(char letter, const char *key, size_t len)
{
    static const struct {
        char letter;
        const char *quantities; /* each as long as it is written here, at any place of the key */
    } fits[] = {
        {'c', "temp|dew|chill|heat"},
        {'f', "temp|dew|chill|heat"},
        {'k', "temp"},
        {'v', "volt|batt|vcc|vdd"},
        {'a', "curr|amp"},
        {'w', "power|watt|load"},
    };
    for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
        if ((letter | 0x20) != fits[i].letter)
            continue;
        for (const char *at = fits[i].quantities; at; at = strchr(at, '|')) {
            at += *at == '|';
            size_t stem = strcspn(at, "|");
            for (size_t j = 0; j + stem <= len; j++)
                if (strncasecmp(key + j, at, stem) == 0)
                    return true;
        }
    }
    return false;
}

size_t unitword_suffix(const char *key, size_t len)
{
    static const char suffixes[] =
        "kw|mw|kwh|wh|mwh|kva|mv|kv|ma|mah|hpa|kpa|pa|mbar|bar|psi|hz|khz|mhz|ghz|db|dbm|dba|lux|"
        "lx|ppm|ppb|pct|percent|mm|cm|km|m3|m3h|m3ph|lph|lpm|kg|ms|us|rpm|kmh|kmph|mps|mph|celsius|"
        "fahrenheit|kelvin|volts|watts|amps|seconds|secs|minutes|hours|days|bytes|kb|mb|gb|degc|"
        "degf|deg|inhg|mmhg|kwm2|wm2|ugm3";
    size_t at = len;
    while (at > 0 && key[at - 1] != '_')
        at--;
    if (at < 2 || at == len)
        return 0;
    if (len - at == 1)
        return letter_fits(key[at], key, at) ? at : 0;
    return words_in(suffixes, key + at, len - at) ? at : 0;
}
