/* Steps of three small games along their Stackelberg field, with derivatives by hand, on one thread.

   steps GAME FOLDER     GAME is duopoly, torus or covariance

   Commands come on standard input, answers go out as one line of JSON each: "check" gives the numbers that ours must
   agree with, "run N" the seconds of one of N steps. */

#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STARTS 1000
#define D 3

static const double PI = 3.14159265358979323846;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void load(const char *folder, const char *name, double *into, size_t count) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file || fread(into, sizeof(double), count, file) != count) {
        fprintf(stderr, "%s could not be read\n", path);
        exit(1);
    }
    fclose(file);
}

/* The duopoly: state q1, q2. */

static void duopoly(double *q, long count) {
    double q1 = q[0], q2 = q[1];
    for (long i = 0; i < count; i++) {
        double price = 100.0 - q1 - q2;
        double d1 = -(price - 5.0) + q1, d2 = q1;
        double leader = d1 + (-1.0 / 2.0) * d2;
        double follower = -(price - 2.0) + q2;
        q1 = q1 - 1e-3 * leader;
        q2 = q2 - 2e-3 * follower;
    }
    q[0] = q1;
    q[1] = q2;
}

/* The location game on the torus, many starts: all first angles, then all second ones. A step is one game's. */

static void torus(double *angles, long count) {
    double *a = angles, *b = angles + STARTS;
    const double home = PI / 8.0, rate = 0.05;
    for (long done = 0; done < count; done += STARTS)
        for (int i = 0; i < STARTS; i++) {
            double apart = a[i] - b[i];
            double sine = sin(apart), cosine = cos(apart);
            double follower = 1.3 * sin(b[i] - home) + sine;
            double curvature = 1.3 * cos(b[i] - home) - cosine;
            double leader = (sin(a[i] - home) - sine) - cosine / curvature * sine;
            a[i] = a[i] - rate * leader;
            b[i] = b[i] - rate * follower;
        }
}

/* Covariance estimation: V, then W, row-major. */

static double sigma[D * D];

static void covariance(double *state, long count) {
    double V[D * D], W[D * D];
    const double lambda = 0.2 * D;
    memcpy(V, state, sizeof V);
    memcpy(W, state + D * D, sizeof W);
    for (long step = 0; step < count; step++) {
        double gap[D * D], dV[D * D];
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++) {
                double sum = 0.0;
                for (int k = 0; k < D; k++) sum += V[i * D + k] * V[j * D + k];
                gap[i * D + j] = sigma[i * D + j] - sum;
            }
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++) {
                double own = 0.0, answer = 0.0;
                for (int k = 0; k < D; k++) {
                    own += (W[i * D + k] + W[k * D + i]) * V[k * D + j];
                    answer += gap[i * D + k] * V[k * D + j];
                }
                dV[i * D + j] = -own - 2.0 / lambda * answer;
            }
        for (int i = 0; i < D * D; i++) {
            double dW = lambda * W[i] - gap[i];
            V[i] -= 1e-3 * dV[i];
            W[i] -= 2e-3 * dW;
        }
    }
    memcpy(state, V, sizeof V);
    memcpy(state + D * D, W, sizeof W);
}

typedef void (*Steps)(double *, long);

int main(int count, char **arguments) {
    static double start[2 * STARTS], state[2 * STARTS];
    if (count < 3) return 1;
    const char *game = arguments[1], *folder = arguments[2];
    size_t numbers;
    long checked = 10;
    Steps steps;
    if (!strcmp(game, "duopoly")) {
        steps = duopoly, numbers = 2;
    } else if (!strcmp(game, "torus")) {
        steps = torus, numbers = 2 * STARTS, checked = STARTS;
    } else {
        steps = covariance, numbers = 2 * D * D;
        load(folder, "sigma", sigma, D * D);
    }
    load(folder, "start", start, numbers);
    printf("{\"ready\": true}\n");
    fflush(stdout);

    char line[64];
    while (fgets(line, sizeof line, stdin)) {
        memcpy(state, start, numbers * sizeof(double));
        if (!strncmp(line, "check", 5)) {
            steps(state, checked);
            printf("{\"values\": [");
            for (size_t i = 0; i < numbers; i++) printf(i ? ", %.17g" : "%.17g", state[i]);
            printf("]}\n");
        } else {
            long many = atol(line + 4);
            double before = now();
            steps(state, many);
            volatile double used = state[0];
            (void)used;
            printf("{\"seconds\": %.17g}\n", (now() - before) / many);
        }
        fflush(stdout);
    }
    return 0;
}
