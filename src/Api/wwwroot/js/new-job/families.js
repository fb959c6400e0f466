// Backbones by family, how dear they are, and lists of them that people ask for: pure functions of the catalogue.

export const defaultImageSize = 32;

const paper = [
  'alexnet', 'vgg16', 'vgg19', 'resnet50', 'resnet101', 'resnet152', 'resnet50v2', 'resnet101v2', 'resnet152v2', 'densenet121', 'densenet169', 'densenet201',
  'mobilenet', 'mobilenetv2', 'inceptionv3', 'inceptionresnetv2', 'xception'];

/** Sorted by name; within a family the smallest first. */
export function familiesOf(backbones) {
  const families = Map.groupBy(backbones, backbone => backbone.family);
  return [...families].map(([name, members]) => ({ name, members: members.toSorted((a, b) => a.parameters - b.parameters) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Every word of the text is in the name or the family. */
export const matches = (backbone, text) => text.toLowerCase().split(/\s+/).every(word => backbone.name.includes(word) || backbone.family.includes(word));

/** Side of the images of a spec that may be half written. */
export const imageSizeOf = spec => Number.isInteger(spec?.training?.imageSize) && spec.training.imageSize > 0 ? spec.training.imageSize : defaultImageSize;

/** Of one forward pass of one image: they grow with the area of the input. */
export const multiplyAddsAt = (backbone, imageSize) => backbone.multiplyAdds * (Math.max(imageSize, backbone.minimumSize) / backbone.nativeSize) ** 2;

/** As the service tells for its default image size. */
export const costClassOf = (backbone, imageSize, classes) => classes.find(({ below }) => below === null || multiplyAddsAt(backbone, imageSize) < below).class;

export const presets = [
  { label: 'The paper’s 17', of: backbones => paper.filter(name => backbones.some(backbone => backbone.name === name)) },
  // Made for small images, and cheap at them.
  {
    label: 'Small, for a CPU',
    of: (backbones, classes) => backbones.filter(backbone => backbone.nativeSize <= defaultImageSize && backbone.parameters < 1e6
      && costClassOf(backbone, defaultImageSize, classes) === classes[0].class).map(({ name }) => name),
  },
  { label: 'None', of: () => [] },
];
