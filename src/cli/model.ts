import { type Command, InvalidArgumentError, Option } from 'commander';
import { isModelId } from '../inference/artefacts/paths.ts';
import { benchModel, listModels, verifyModels } from './model-check.ts';
import { convertFolder } from './model-convert.ts';
import { openGround } from './model-ground.ts';
import { HUB, pullModel } from './model-pull.ts';
import type { Output } from './terminal.ts';

/** `interval model …`: gets, converts, checks, lists and measures what medgemma readers run on. */
export function addModelCommands(program: Command, output: Output, failed: () => void): void {
  const group = program
    .command('model')
    .description('Models for medgemma readers: get, convert, check, list, measure.');
  const command = (name: string, about: string) =>
    group.command(name).description(about).option('--config <file>', 'JSON file with settings');

  command('pull', 'Download a model’s original weights from a Hugging Face hub (token: HF_TOKEN).')
    .argument('<id>', 'owner/name', modelId)
    .option('--revision <revision>', 'commit, branch or tag; the commit is recorded', 'main')
    .option('--to <dir>', 'folder for the files; default: in the models directory')
    .option('--endpoint <url>', `hub; default: HF_ENDPOINT or ${HUB}`)
    .option('--accept-licence', 'accept the model’s terms without being asked')
    .action((id: string, options) => pullModel(id, options, openGround(options), output));

  command('convert <model>', 'Make what runs here from original weights: a pulled model’s id, or a folder.')
    .option('--to <dir>', 'folder to make; default: in the models directory')
    .addOption(new Option('--weights <type>', 'of the language model').choices(['int4', 'float32']).default('int4'))
    .addOption(
      new Option('--block <size>', 'weights that share a scale: 32 keeps more of the model, 128 is smaller and faster')
        .choices(['32', '64', '128'])
        .default('32'),
    )
    .addOption(
      new Option('--vision <type>', 'weights of the vision tower').choices(['int8', 'int4', 'float32']).default('int8'),
    )
    .option('--id <owner/name>', 'what a folder holds that was not pulled', modelId)
    .option('--force', 'replace a folder that is there')
    .action((name: string, options) => convertFolder(name, options, openGround(options), output));

  command('verify <model>', 'Compare every file with what the model’s folder says of it: an id, or a folder.').action(
    async (name: string, options) => {
      if (!(await verifyModels(name, openGround(options), output))) {
        failed();
      }
    },
  );

  command('list', 'List the models in the models directory, and the server that the settings name.')
    .option('--json', 'print JSON')
    .action((options) => listModels(options, openGround(options), output));

  command(
    'bench <model>',
    'Measure loading, memory, vision, prefill and decoding: a converted model’s id, or a folder.',
  )
    .option('--tokens <count>', 'tokens to decode', wholeNumber, 64)
    .option('--json', 'print JSON alone')
    .action((name: string, options) => benchModel(name, options, openGround(options), output));
}

function modelId(text: string): string {
  if (!isModelId(text)) {
    throw new InvalidArgumentError('A model’s id is written owner/name.');
  }
  return text;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 2 || number > 4096) {
    throw new InvalidArgumentError('A whole number from 2 to 4096.');
  }
  return number;
}
