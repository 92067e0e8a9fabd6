/*
 * A native NIP-13 miner to measure against: SHA-NI, a midstate for everything before the last block, then one block per hash with
 * its full message schedule; two hashes side by side, so that one's waiting is the other's work (worth a fifth).
 * Built and run by mining-native.ts.
 *
 *   mining-native PREFIX BLOCK FROM DIGITS MS
 *
 * PREFIX: hex of the whole blocks before the last. BLOCK: hex of the last one, padding included. From byte FROM on DIGITS decimal
 * digits count up; the first of them is 0 for one hash and 1 for its neighbour. Prints how many hashes it tried in about MS
 * milliseconds, and the smallest of them.
 */
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const uint32_t K[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

/* A state as SHA-NI holds it. */
typedef struct {
    __m128i abef, cdgh;
} State;

static inline State initial(void) {
    State s = {_mm_set_epi32(0x6a09e667, (int)0xbb67ae85, 0x510e527f, (int)0x9b05688c),
               _mm_set_epi32(0x3c6ef372, (int)0xa54ff53a, 0x1f83d9ab, 0x5be0cd19)};
    return s;
}

/* Four rounds with the words in w. */
#define ROUNDS(w, at)                                                                  \
    do {                                                                               \
        __m128i k = _mm_add_epi32(w, _mm_load_si128((const __m128i *)&K[at]));         \
        s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, k);                             \
        s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(k, 0x0e));    \
    } while (0)

/* The next four words of the schedule, into a. */
#define NEXT(a, b, c, d)                                                                              \
    a = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4)), d)

static inline __attribute__((always_inline)) State compress(State before, const uint8_t *block) {
    const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
    __m128i a = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)block), turn);
    __m128i b = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16)), turn);
    __m128i c = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 32)), turn);
    __m128i d = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 48)), turn);
    State s = before;
    ROUNDS(a, 0);
    ROUNDS(b, 4);
    ROUNDS(c, 8);
    ROUNDS(d, 12);
#pragma GCC unroll 3
    for (int at = 16; at < 64; at += 16) {
        NEXT(a, b, c, d);
        ROUNDS(a, at);
        NEXT(b, c, d, a);
        ROUNDS(b, at + 4);
        NEXT(c, d, a, b);
        ROUNDS(c, at + 8);
        NEXT(d, a, b, c);
        ROUNDS(d, at + 12);
    }
    s.abef = _mm_add_epi32(s.abef, before.abef);
    s.cdgh = _mm_add_epi32(s.cdgh, before.cdgh);
    return s;
}

static inline uint32_t top(State s) { return (uint32_t)_mm_extract_epi32(s.abef, 3); }

static void words(State s, uint32_t out[8]) {
    uint32_t abef[4], cdgh[4];
    _mm_storeu_si128((__m128i *)abef, s.abef);
    _mm_storeu_si128((__m128i *)cdgh, s.cdgh);
    const uint32_t all[8] = {abef[3], abef[2], cdgh[3], cdgh[2], abef[1], abef[0], cdgh[1], cdgh[0]};
    memcpy(out, all, sizeof all);
}

static size_t bytes(const char *hex, uint8_t *out, size_t most) {
    size_t count = 0;
    for (unsigned value; count < most && sscanf(hex + 2 * count, "%2x", &value) == 1; count++)
        out[count] = (uint8_t)value;
    return count;
}

static double now(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static inline void increment(uint8_t *first, uint8_t *last) {
    uint8_t *digit = last;
    while (++*digit > '9' && digit > first) *digit-- = '0';
}

int main(int argc, char **argv) {
    static uint8_t prefix[4096];
    uint8_t block[64], other[64], best[64];
    if (argc != 6) return 2;
    size_t length = bytes(argv[1], prefix, sizeof prefix);
    if (length % 64 || bytes(argv[2], block, 64) != 64) return 2;
    int from = atoi(argv[3]), digits = atoi(argv[4]);
    double ms = atof(argv[5]);
    State midstate = initial();
    for (size_t at = 0; at < length; at += 64) midstate = compress(midstate, prefix + at);
    uint32_t least = UINT32_MAX;
    uint64_t hashes = 0;
    memset(block + from, '0', digits);
    memcpy(best, block, 64);
    double began = now(), took;
    do {
        for (int i = 0; i < 1 << 16; i++) {
            memcpy(other, block, 64);
            other[from] = '1';
            uint32_t word = top(compress(midstate, block)), neighbour = top(compress(midstate, other));
            if (word < least || neighbour < least) {
                least = word < neighbour ? word : neighbour;
                memcpy(best, word < neighbour ? block : other, 64);
            }
            increment(block + from + 1, block + from + digits - 1);
        }
        hashes += 2 << 16;
    } while ((took = now() - began) < ms);
    uint32_t hash[8];
    words(compress(midstate, best), hash);
    printf("{\"hashes\":%llu,\"ms\":%.3f,\"nonce\":\"%.*s\",\"hash\":\"", (unsigned long long)hashes, took, digits,
           (const char *)best + from);
    for (int i = 0; i < 8; i++) printf("%08x", hash[i]);
    printf("\"}\n");
    return 0;
}
