namespace Stackelberg.Autodiff.Tests

open Stackelberg

/// A loss of a network, as a function of its parameters in one flat vector.
type Network = {
    Parameters: int
    Loss: Tensor -> Tensor
}

module Networks =

    /// Two hidden layers of tanh over a batch of 16 points in the plane, softplus loss.
    let small =
        let batch, width = 16, 8
        let inputs = Expect.ofShape [ batch; 2 ] (Expect.numbers 31 (batch * 2))
        let sizes = [ [ 2; width ]; [ width ]; [ width; width ]; [ width ]; [ width; 1 ]; [ 1 ] ]
        let counts = sizes |> List.map (List.fold (*) 1)
        let starts = List.scan (+) 0 counts

        let loss (theta: Tensor) =
            let part k =
                Tensor.reshape sizes[k] (Tensor.slice 0 starts[k] counts[k] theta)

            let layer k x =
                Tensor.matmul x (part (2 * k)) + part (2 * k + 1)

            let hidden = inputs |> layer 0 |> tanh |> layer 1 |> tanh
            Tensor.mean (Tensor.softplus (layer 2 hidden))

        {
            Parameters = List.last starts
            Loss = loss
        }
