"""One Stackelberg step of the MNIST DCGAN in PyTorch, as lean as PyTorch lets it be: one forward pass, no product that
conjugate gradients do not need, parameters and Adam's moments updated in place.

dcgan.py FOLDER THREADS BATCH CHANNELS

The leader (generator) descends D1f1 - (D21f2)^T (D22f2 + eta I)^-1 D2f1, the follower D2f2, with the settings of the
code published with Fiez, Chasnov and Ratliff (2020); real and generated images pass the discriminator as two batches.
"""

import math
import os
import sys

import numpy as np
import torch

from serve import serve

folder = sys.argv[1]
threads, BATCH, CHANNELS = map(int, sys.argv[2:5])
torch.set_num_threads(threads)
torch.manual_seed(1)
LATENT, ETA, ITERATIONS, TOLERANCE, RATE, MARGIN = 100, 10000.0, 5, 1e-5, 2e-4, 1e-4
MEAN_DECAY, SQUARE_DECAY, EPSILON = 0.5, 0.999, 1e-8
CHECKED_STEPS = 2


def numbers(name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=np.float32))


def up(into, out, stride, padding):
    return [
        torch.nn.ConvTranspose2d(into, out, 4, stride, padding, bias=False),
        torch.nn.BatchNorm2d(out, track_running_stats=False),
        torch.nn.ReLU(),
    ]


def down(into, out):
    return [
        torch.nn.Conv2d(into, out, 4, 2, 1, bias=False),
        torch.nn.BatchNorm2d(out, track_running_stats=False),
        torch.nn.LeakyReLU(0.2),
    ]


def networks():
    c = CHANNELS
    generator = torch.nn.Sequential(
        *up(LATENT, 8 * c, 1, 0),
        *up(8 * c, 4 * c, 2, 1),
        *up(4 * c, 2 * c, 2, 1),
        *up(2 * c, c, 2, 1),
        torch.nn.ConvTranspose2d(c, 1, 1, 1, 2, bias=False),
        torch.nn.Tanh(),
    )
    discriminator = torch.nn.Sequential(
        torch.nn.Conv2d(1, c, 4, 2, 1, bias=False),
        torch.nn.LeakyReLU(0.2),
        *down(c, 2 * c),
        *down(2 * c, 4 * c),
        torch.nn.Conv2d(4 * c, 1, 4, 2, 1, bias=False),
        torch.nn.Flatten(),
        torch.nn.Sigmoid(),
    )
    return load(generator, numbers("generator")), load(discriminator, numbers("discriminator"))


def load(network, flat):
    """Filters lie as [height, width, in, out], transposed ones as [height, width, out, in], then scale and shift of the
    layer's batch norm."""
    at = 0
    for layer in network:
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.ConvTranspose2d)):
            first, second, height, width = layer.weight.shape
            part = flat[at : at + layer.weight.numel()].view(height, width, second, first)
            layer.weight.data.copy_(part.permute(3, 2, 0, 1))
            at += layer.weight.numel()
        elif isinstance(layer, torch.nn.BatchNorm2d):
            for parameter in (layer.weight, layer.bias):
                parameter.data.copy_(flat[at : at + parameter.numel()])
                at += parameter.numel()
    assert at == flat.numel()
    return network


def dot(a, b):
    return sum(torch.dot(p.reshape(-1), q.reshape(-1)) for p, q in zip(a, b))


def norm(parts):
    return math.sqrt(sum(float((p.double() ** 2).sum()) for p in parts))


def solve(product, b):
    """Conjugate gradients from 0 on lists of tensors."""
    x = [torch.zeros_like(p) for p in b]
    residual = [p.clone() for p in b]
    direction = [p.clone() for p in b]
    square = dot(residual, residual)
    target = TOLERANCE**2 * square.item()
    for _ in range(ITERATIONS):
        if square.item() <= target:
            break
        image = product(direction)
        step = (square / dot(direction, image)).item()
        torch._foreach_add_(x, direction, alpha=step)
        torch._foreach_add_(residual, image, alpha=-step)
        following = dot(residual, residual)
        torch._foreach_mul_(direction, (following / square).item())
        torch._foreach_add_(direction, residual)
        square = following
    return x


class Adam:
    def __init__(self, parameters):
        self.parameters = parameters
        self.means = [torch.zeros_like(p) for p in parameters]
        self.squares = [torch.zeros_like(p) for p in parameters]
        self.count = 0

    @torch.no_grad()
    def step(self, gradient):
        self.count += 1
        torch._foreach_mul_(self.means, MEAN_DECAY)
        torch._foreach_add_(self.means, gradient, alpha=1 - MEAN_DECAY)
        torch._foreach_mul_(self.squares, SQUARE_DECAY)
        torch._foreach_addcmul_(self.squares, gradient, gradient, 1 - SQUARE_DECAY)
        root = torch._foreach_sqrt(self.squares)
        torch._foreach_div_(root, math.sqrt(1 - SQUARE_DECAY**self.count))
        torch._foreach_add_(root, EPSILON)
        torch._foreach_addcdiv_(
            self.parameters, self.means, root, -RATE / (1 - MEAN_DECAY**self.count)
        )


class Training:
    def __init__(self):
        self.generator, self.discriminator = networks()
        self.x = list(self.generator.parameters())
        self.y = list(self.discriminator.parameters())
        self.leader_adam, self.follower_adam = Adam(self.x), Adam(self.y)
        self.record = None

    def step(self, z, real):
        genuine = self.discriminator(real)
        fake = self.discriminator(self.generator(z))
        f1 = -torch.log(fake.clamp(min=MARGIN)).mean()
        f2 = -torch.log(genuine.clamp(min=MARGIN)).mean() - torch.log(1 - fake.clamp(max=1 - MARGIN)).mean()
        # One backward pass through the discriminator serves both players' derivatives of f1.
        first = torch.autograd.grad(f1, self.x + self.y, retain_graph=True)
        d1f1, d2f1 = first[: len(self.x)], first[len(self.x) :]
        d2f2 = torch.autograd.grad(f2, self.y, create_graph=True)

        def product(v):
            image = torch.autograd.grad(d2f2, self.y, grad_outputs=v, retain_graph=True)
            return torch._foreach_add(image, v, alpha=ETA)

        w = solve(product, d2f1)
        q = torch.autograd.grad(d2f2, self.x, grad_outputs=w)
        leader = torch._foreach_sub(d1f1, q)
        follower = [p.detach() for p in d2f2]
        self.record = f1, f2, leader, follower, q
        self.follower_adam.step(follower)
        self.leader_adam.step(leader)


def check():
    """Norms by their logarithms, so that a difference is a relative one."""
    training = Training()
    z, real = batch()
    before = [p.detach().clone() for p in training.x + training.y]
    values = []
    for _ in range(CHECKED_STEPS):
        training.step(z, real)
        f1, f2, leader, follower, q = training.record
        values += [f1.item(), f2.item()] + [math.log(norm(parts)) for parts in (leader, follower, q)]
    after = [p.detach() for p in training.x + training.y]
    return values + [math.log(norm(torch._foreach_sub(after, before)))]


def batch():
    return numbers("latents").view(BATCH, LATENT, 1, 1), numbers("reals").view(BATCH, 1, 28, 28)


measured = None


def run(steps):
    # Only now, for a check has networks of its own.
    global measured
    measured = measured or Training()
    z, real = batch()
    for _ in range(steps):
        measured.step(z, real)


serve(check, run)
