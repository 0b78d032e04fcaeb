/*
 * Where each chip gives its random numbers: registers that the radio's noise fills.
 *
 * Input: Espressif's technical reference manuals and ESP-IDF's headers (WDEV_RND_REG). Output: addresses for the boards' programs.
 * Invariant: none is read on another chip: a program of another family is refused by the loader.
 */
export const ESP32_NOISE = 0x3ff75144;
export const ESP32C3_NOISE = 0x600260b0;
export const ESP32S3_NOISE = 0x6003507c;
