"""The DCGAN discriminator in PyTorch: loss, gradient and one Hessian-vector product.

convolution.py FOLDER threads
"""

import os
import sys

import numpy as np
import torch

from serve import serve

threads = int(sys.argv[2])
torch.set_num_threads(threads)
folder = sys.argv[1]
CHANNELS = [1, 64, 128, 256, 1]


def numbers(name):
    return torch.from_numpy(np.fromfile(os.path.join(folder, name), dtype=np.float32))


class Discriminator(torch.nn.Module):
    def __init__(self):
        super().__init__()
        conv = lambda i: torch.nn.Conv2d(CHANNELS[i], CHANNELS[i + 1], 4, 2, 1, bias=False)
        norm = lambda i: torch.nn.BatchNorm2d(CHANNELS[i + 1])
        leaky = lambda: torch.nn.LeakyReLU(0.2)
        self.layers = torch.nn.Sequential(
            conv(0), leaky(), conv(1), norm(1), leaky(), conv(2), norm(2), leaky(), conv(3), torch.nn.Sigmoid()
        )

    def forward(self, images):
        return self.layers(images).flatten()


def load(network, flat):
    """Filters lie as [height, width, in, out], then scale and shift of the layer's batch norm."""
    at = 0
    for layer in network.layers:
        if isinstance(layer, torch.nn.Conv2d):
            out, into, height, width = layer.weight.shape
            part = flat[at : at + layer.weight.numel()].view(height, width, into, out)
            layer.weight.data.copy_(part.permute(3, 2, 0, 1))
            at += layer.weight.numel()
        elif isinstance(layer, torch.nn.BatchNorm2d):
            for parameter in (layer.weight, layer.bias):
                parameter.data.copy_(flat[at : at + parameter.numel()])
                at += parameter.numel()
    return network


def directions(network, flat):
    """The same layout read as one tensor for each parameter."""
    import copy

    return [p.detach().clone() for p in load(copy.deepcopy(network), flat).parameters()]


network = load(Discriminator(), numbers("discriminator"))
parameters = list(network.parameters())
direction = directions(network, numbers("direction"))
images = numbers("images").view(-1, 1, 28, 28)


def step():
    loss = -torch.mean(torch.log(network(images).clamp(min=1e-4)))
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    product = torch.autograd.grad(gradient, parameters, grad_outputs=direction)
    return loss, gradient, product


def check():
    loss, gradient, product = step()
    dot = lambda a, b: sum((p.double() * q.double()).sum() for p, q in zip(a, b))
    return [loss, dot(gradient, direction), dot(product, direction), dot(gradient, gradient), dot(product, product)]


def run(count):
    for _ in range(count):
        step()


serve(check, run)
