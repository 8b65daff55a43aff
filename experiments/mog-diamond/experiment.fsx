// mixture of Gaussians, diamond: GANs trained by simultaneous and by Stackelberg play.
#load "../Mixture.fsx"

open Mixture
open Stackelberg
open Stackelberg.Data
open Stackelberg.Networks

let diamond =
    experiment "mog-diamond" {
        source published
        version 1

        setting (
            settings {
                Mixture = GaussianMixture.Diamond
                Objective = GanObjective.Saturating
                Activation = Activation.Tanh
                Rate = "1e-4"
                Extent = "2"
            }
        )

        validate fits
        headlines [ "kl"; "share"; "modes" ]
        compute (train "mog-diamond")
    }
