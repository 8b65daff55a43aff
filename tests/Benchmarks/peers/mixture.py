"""One training step of the mixture-of-Gaussians GAN in PyTorch: sampling, gradients, conjugate gradients, Adam.

mixture.py FOLDER scipy|torch|simultaneous

The leader (generator) descends D1f1 - (D21f2)^T (D22f2 + eta I)^-1 D2f1, as in the code published with Fiez, Chasnov
and Ratliff (2020); scipy: its solver, torch: the same algorithm on tensors; simultaneous: both descend their own cost.
"""

import math
import os
import sys

import numpy as np
import scipy.sparse.linalg
import torch
from torch.nn.utils import parameters_to_vector, vector_to_parameters

from serve import serve

torch.set_num_threads(1)
torch.manual_seed(1)
folder, rule = sys.argv[1:3]
BATCH, LATENT, HIDDEN, ETA, ITERATIONS, TOLERANCE, RATE = 256, 16, 32, 1.0, 5, 1e-5, 1e-4
DEVIATION = 0.15
MODES = torch.tensor([[1.2 * math.sin(k * math.pi / 2), 1.2 * math.cos(k * math.pi / 2)] for k in range(4)])


def numbers(name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=np.float32))


def load(network, flat):
    """Weights lie as [in, out], then the bias, layer by layer."""
    at = 0
    for layer in network:
        if isinstance(layer, torch.nn.Linear):
            size = layer.weight.numel()
            layer.weight.data.copy_(flat[at : at + size].view(layer.in_features, layer.out_features).t())
            layer.bias.data.copy_(flat[at + size : at + size + layer.out_features])
            at += size + layer.out_features
    return network


def networks():
    generator = torch.nn.Sequential(
        torch.nn.Linear(LATENT, HIDDEN),
        torch.nn.Tanh(),
        torch.nn.Linear(HIDDEN, HIDDEN),
        torch.nn.Tanh(),
        torch.nn.Linear(HIDDEN, 2),
    )
    discriminator = torch.nn.Sequential(
        torch.nn.Linear(2, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1), torch.nn.Sigmoid()
    )
    return load(generator, numbers("generator")), load(discriminator, numbers("discriminator"))


def flatten(tensors):
    return torch.cat([t.reshape(-1) for t in tensors])


def solve_scipy(product, b):
    n = b.numel()
    operator = scipy.sparse.linalg.LinearOperator(
        (n, n), matvec=lambda v: product(torch.from_numpy(v)).numpy(), dtype=np.float32
    )
    solution, _ = scipy.sparse.linalg.cg(operator, b.numpy(), maxiter=ITERATIONS, tol=TOLERANCE)
    return torch.from_numpy(solution)


def solve_torch(product, b):
    x = torch.zeros_like(b)
    residual = b.clone()
    direction = b.clone()
    square = residual.dot(residual)
    target = (TOLERANCE * b.norm()).item() ** 2
    for _ in range(ITERATIONS):
        if square.item() <= target:
            break
        image = product(direction)
        step = square / direction.dot(image)
        x.add_(step * direction)
        residual.sub_(step * image)
        following = residual.dot(residual)
        direction = residual + (following / square) * direction
        square = following
    return x


class Training:
    def __init__(self):
        self.generator, self.discriminator = networks()
        self.x = list(self.generator.parameters())
        self.y = list(self.discriminator.parameters())
        self.optimizer = torch.optim.Adam(self.y, lr=RATE)
        self.leader_optimizer = torch.optim.Adam(self.x, lr=RATE)
        self.mean = torch.zeros(sum(p.numel() for p in self.x))
        self.square = torch.zeros_like(self.mean)
        self.count = 0
        self.record = None

    def sample(self):
        real = MODES[torch.randint(4, (BATCH,))] + DEVIATION * torch.randn(BATCH, 2)
        return torch.randn(BATCH, LATENT), real

    def costs(self, z, real):
        genuine, fake = self.discriminator(real), self.discriminator(self.generator(z))
        f1 = torch.mean(torch.log(genuine) + torch.log(1 - fake))
        return f1, -f1

    def simultaneous(self, z, real):
        f1, f2 = self.costs(z, real)
        leader = torch.autograd.grad(f1, self.x, retain_graph=True)
        follower = torch.autograd.grad(f2, self.y)
        for parameter, gradient in zip(self.x, leader):
            parameter.grad = gradient
        for parameter, gradient in zip(self.y, follower):
            parameter.grad = gradient
        self.leader_optimizer.step()
        self.optimizer.step()
        norms = [flatten(gradients).norm().item() for gradients in (follower, leader)]
        self.record = [f1.item(), f2.item()] + norms

    def stackelberg(self, z, real, solve):
        f1, f2 = self.costs(z, real)
        d1f1 = flatten(torch.autograd.grad(f1, self.x, retain_graph=True))
        d2f1 = flatten(torch.autograd.grad(f1, self.y, retain_graph=True))
        d2f2_parts = torch.autograd.grad(f2, self.y, create_graph=True)
        d2f2 = flatten(d2f2_parts)

        def product(v):
            return flatten(torch.autograd.grad(d2f2, self.y, grad_outputs=v, retain_graph=True)) + ETA * v

        w = solve(product, d2f1)
        q = flatten(torch.autograd.grad(d2f2, self.x, grad_outputs=w))
        leader = d1f1 - q
        for parameter, gradient in zip(self.y, d2f2_parts):
            parameter.grad = gradient.detach()
        self.optimizer.step()
        self.adam(leader)
        norms = [t.norm().item() for t in (d2f2.detach(), d1f1, q, leader)]
        self.record = [f1.item(), f2.item()] + norms

    def adam(self, gradient):
        self.count += 1
        self.mean.mul_(0.9).add_(gradient, alpha=0.1)
        self.square.mul_(0.999).addcmul_(gradient, gradient, value=0.001)
        scale = math.sqrt(1 - 0.999**self.count)
        root = self.square.sqrt().div_(scale).add_(1e-8)
        with torch.no_grad():
            flat = parameters_to_vector(self.x).addcdiv_(
                self.mean, root, value=-RATE / (1 - 0.9**self.count)
            )
            vector_to_parameters(flat, self.x)

    def step(self, z, real):
        if rule == "simultaneous":
            self.simultaneous(z, real)
        else:
            self.stackelberg(z, real, solve_scipy if rule == "scipy" else solve_torch)


def check():
    training = Training()
    latents = numbers("latents").view(-1, BATCH, LATENT)
    reals = numbers("reals").view(-1, BATCH, 2)
    values = []
    for z, real in zip(latents, reals):
        training.step(z, real)
        values += training.record
    with torch.no_grad():
        values.append(parameters_to_vector(training.x).norm().item())
        values.append(parameters_to_vector(training.y).norm().item())
    return values


measured = Training()


def run(steps):
    for _ in range(steps):
        measured.step(*measured.sample())


serve(check, run)
