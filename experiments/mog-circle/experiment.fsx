// mixture of Gaussians, circle: GANs trained by simultaneous and by Stackelberg play.
#load "../Mixture.fsx"

open Mixture
open Stackelberg
open Stackelberg.Data
open Stackelberg.Networks

let circle =
    experiment "mog-circle" {
        source published
        version 1

        setting (
            settings {
                Mixture = GaussianMixture.Circle
                Objective = GanObjective.NonSaturatingClamped
                Activation = Activation.Relu
                Rate = "4e-4"
                Extent = "2"
            }
        )

        validate fits
        headlines [ "kl"; "share"; "modes" ]
        compute (train "mog-circle")
    }
