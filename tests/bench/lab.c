#include "bench/lab.h"

#include <math.h>
#include <stdio.h>

size_t lab_topic(unsigned sensor, char out[LAB_TEXT])
{
    return (size_t)snprintf(out, LAB_TEXT, "digital_twin/lab/sensor/TEMP_SENSOR_%04u/temperature",
                            sensor);
}

size_t lab_payload(unsigned sensor, unsigned round, char out[LAB_TEXT])
{
    double noise = sin(sensor * 12.9898 + round * 78.233) * 43758.5453;
    double value = 22 + 3 * (noise - floor(noise) - 0.5);
    return (size_t)snprintf(
        out, LAB_TEXT,
        "{\"timestamp_utc\":\"2026-03-02T14:%02u:%02u.%06uZ\",\"sensor_id\":\"TEMP_SENSOR_%04u\","
        "\"value\":%.2f,\"unit\":\"Celsius\",\"metadata\":{\"location\":\"Lab Environment\","
        "\"sensor_type\":\"Simulated Thermistor\",\"firmware_version\":\"1.0.0\"}}",
        round / 60 % 60, round % 60, sensor % 1000000, sensor, value);
}
