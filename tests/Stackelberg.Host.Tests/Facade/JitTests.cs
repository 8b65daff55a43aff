using Stackelberg.Kernels;
using Xunit;

namespace Stackelberg.Tests.Facade;

public class JitTests
{
    private static readonly Tensor x = Tensor.Of(1.0, 2.0);
    private static readonly Tensor y = Tensor.Of(3.0, 5.0);

    [Fact]
    public void Functions_of_one_two_three_and_more_tensors_compile()
    {
        Assert.Equal([1.0, 4.0], Jit.Compile(a => a * a)(x).ToArray());
        Assert.Equal([3.0, 10.0], Jit.Compile((a, b) => a * b)(x, y).ToArray());
        Assert.Equal([4.0, 12.0], Jit.Compile((a, b, c) => a * b + c)(x, y, x).ToArray());
        Tensor[] both = Jit.Compile((Tensor[] all) => [all[0] + all[1], all[0] - all[1]])([x, y]);
        Assert.Equal([4.0, 7.0], both[0].ToArray());
        Assert.Equal([-2.0, -3.0], both[1].ToArray());
    }

    [Fact]
    public void Ops_of_ones_own_compute_and_refuse_wrong_derivatives()
    {
        Func<Tensor, Tensor> cube = CustomOps.Elementwise("cube", a => a * a * a, a => 3.0 * a * a);
        Assert.Equal([1.0, 8.0], cube(x).ToArray());
        Func<Tensor, Tensor, Tensor> product = CustomOps.Elementwise(
            "product",
            (a, b) => a * b,
            (a, b) => (b, a)
        );
        Assert.Equal([3.0, 10.0], Jit.Compile(product)(x, y).ToArray());
        ArrayKernel turn = (a, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = a[0][result.Length - 1 - i];
            }
        };
        Assert.Equal([2.0, 1.0], CustomOps.Linear("turn", shape => shape, turn, turn)(x).ToArray());
        Func<Tensor[], Tensor> same = CustomOps.OfArrays(
            "same",
            shapes => shapes[0],
            (a, result) => a[0].CopyTo(result),
            (_, _, cotangent) => [cotangent]
        );
        Assert.Equal([1.0, 2.0], Jit.Compile(a => same([a]))(x).ToArray());
    }
}
