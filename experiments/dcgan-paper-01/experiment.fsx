// the paper's DCGAN on the digits 0 and 1 of MNIST.
#load "../Dcgan.fsx"

open Dcgan
open Stackelberg

let zeroOne =
    experiment "dcgan-paper-01" {
        source published
        version 1
        defaultSeed 43UL
        setting (settings { paper with Digits = "0,1" })
        validate fits
        files written
        headlines [ "inceptionScore"; "sure"; "digits" ]
        compute (train "dcgan-paper-01")
    }
