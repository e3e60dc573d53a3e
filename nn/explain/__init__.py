"""Ways into the black box: which parts of an input a model's answer comes from.

All run the model in evaluation, and leave its modes, parameters and gradients as they were.

gradients  `saliency`, `gradient_x_input`, `integrated_gradients`: by the slope of a score
relevance  `layer_relevance`: a score shared out, layer by layer, back to the input
chain      the layers that an input passes one after the other, as `layer_relevance` needs them
cam        `grad_cam`: where a convolution sees what speaks for a score
attention  `attention_maps`: the weights of all attention in a model
ascent     `feature_visualization`: the input that a unit likes best
asking     what all of them are asked: which samples, and which score of each
"""

from nn.explain.ascent import feature_visualization
from nn.explain.attention import attention_maps
from nn.explain.cam import grad_cam
from nn.explain.gradients import gradient_x_input, integrated_gradients, saliency
from nn.explain.relevance import layer_relevance

__all__ = [
    "attention_maps",
    "feature_visualization",
    "grad_cam",
    "gradient_x_input",
    "integrated_gradients",
    "layer_relevance",
    "saliency",
]
