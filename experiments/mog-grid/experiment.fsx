// mixture of Gaussians, grid: GANs trained by simultaneous and by Stackelberg play.
#load "../Mixture.fsx"

open Mixture
open Stackelberg
open Stackelberg.Data
open Stackelberg.Networks

let grid =
    experiment "mog-grid" {
        source published
        version 1

        setting (
            settings {
                Mixture = GaussianMixture.Grid
                Objective = GanObjective.Saturating
                Activation = Activation.Tanh
                Rate = "1e-4"
                Extent = "4"
            }
        )

        validate fits
        headlines [ "kl"; "share"; "modes" ]
        compute (train "mog-grid")
    }
