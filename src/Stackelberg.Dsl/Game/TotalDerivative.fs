namespace Stackelberg

/// The leader's total derivative, written once for every field, run and analysis.
module internal TotalDerivative =

    let private transpose = Operator.transpose
    let private inverse = Operator.inverse
    let private identity = Operator.identity

    /// Fiez, Chasnov and Ratliff (arXiv 1906.01217), equation (2), and for η > 0 the regularised form of appendix C: the derivative
    /// of x1 ↦ f1(x1, r(x1)), where the reaction r keeps f2's gradient in its own block zero. With several players
    /// below the leader, f2 is their stacked level, whose own second derivative has no symmetry: hence the inner transpose.
    let ofLeader solver (η: float) (point: Tensor[]) (leader: Block) f1 (follower: Block) f2 : Tensor =
        let D = Derivative.D point
        let D2 = Derivative.D2 point

        D leader f1
        - transpose (D2 follower leader f2)
          * inverse solver (transpose (D2 follower follower f2 + η * identity))
          * D follower f1
