// T6: `JSON.parse` of text that is not JSON, in a project that has a safe helper and uses it elsewhere: use it here too.
// It must decline without such a helper: what broken text means is otherwise a person's decision (fixing.md, 2.4).

import { Node, SyntaxKind } from 'ts-morph';
import type { CallExpression, FunctionDeclaration, SourceFile, VariableDeclaration } from 'ts-morph';
import { absenceOf, canBeAbsent } from './absence.ts';
import { ambiguous } from './dereference.ts';
import type { Edit } from './edits.ts';
import { exitAt } from './exits.ts';
import { guardAfter } from './guard-edits.ts';
import { refusalOfUse } from './flow.ts';
import { importEdit } from './imports.ts';
import { ownLines } from './guard-place.ts';
import { enclosingFunction, isCallable } from './scope.ts';
import type { Callable } from './scope.ts';
import { refusalOfSequel } from './sequel.ts';
import { isDeclined } from './template.ts';
import type { Declined, Plan, Scene, Template } from './template.ts';

const name = 'T6 safe parse';

export const safeParse: Template = { name, kinds: ['parse'], plan };

function plan(scene: Scene): Plan | Declined {
  const calls = scene.accesses.map((access) => access.node).filter((node) => Node.isCallExpression(node));
  const [call] = calls;
  if (!call || calls.length > 1) return ambiguous(calls.length);
  if (call.getArguments().length !== 1)
    return { why: '`JSON.parse` is given a reviver here, which a helper would drop.' };
  const helper = helperFor(call, scene);
  if (isDeclined(helper)) return helper;
  const imported = importEdit(scene.project.file, helper.name, helper.home);
  if (imported && isDeclined(imported)) return imported;
  const guard = guardFor(call, helper, scene);
  if (isDeclined(guard)) return guard;
  return {
    edits: [...(imported ? [imported] : []), replacement(call, helper), ...guard.edits],
    description: {
      summary: guard.summary,
      rootCause: `\`JSON.parse\` in line ${scene.suspect.line} of \`${scene.suspect.path}\` was given text that is not JSON, and it throws then.`,
      change: `It uses \`${helper.name}\`, which the project uses elsewhere for such text; ${guard.because}.`,
      strategy: name,
      symptom: null,
    },
  };
}

// ---------------------------------------------------------------- the helper

type Helper = {
  name: string;
  home: SourceFile;
  generic: boolean;
  /** What it gives for broken text. */
  nothing: 'undefined' | 'null';
};

const helperName = /\b(?:safe|try)_?\w*[Pp]arse\w*|\b\w*[Pp]arse\w*(?:Safe|Safely|OrNull|OrUndefined)\b/;

/** The one function of the project that wraps `JSON.parse` in a `try`, takes a text, and is called elsewhere. */
function helperFor(call: CallExpression, scene: Scene): Helper | Declined {
  const files = scene.project.filesMatching(helperName).filter((file) => !file.isInNodeModules());
  const helpers = files
    .flatMap((file) => helpersOf(file))
    .filter((helper) => isUsedElsewhere(helper, files, call));
  const [helper] = helpers;
  if (!helper)
    return {
      why: "The project has no safe parse helper that it uses elsewhere, so what broken text means here is a person's decision.",
    };
  if (helpers.length > 1)
    return {
      why: `The project has ${helpers.length} safe parse helpers, and which one fits here cannot be told.`,
    };
  const inHelper = call.getFirstAncestor((up) => up === helper.declared) !== undefined;
  return inHelper ? { why: 'The line is the safe parse helper itself.' } : helper;
}

type Declared = Helper & { declared: Node };

function helpersOf(file: SourceFile): Declared[] {
  const named: (FunctionDeclaration | VariableDeclaration)[] = [
    ...file.getFunctions(),
    ...file.getVariableDeclarations(),
  ];
  return named.flatMap((declared) => {
    const body = Node.isVariableDeclaration(declared) ? declared.getInitializer() : declared;
    const name = declared.getName();
    if (name === undefined || !helperName.test(name) || !isCallable(body) || !declared.isExported())
      return [];
    const nothing = nothingOf(body);
    return nothing && takesText(body) && catchesParse(body)
      ? [{ name, home: file, generic: body.getTypeParameters().length === 1, nothing, declared }]
      : [];
  });
}

function takesText(body: Callable): boolean {
  return body.getParameters().filter((parameter) => !parameter.isOptional()).length === 1;
}

function catchesParse(body: Callable): boolean {
  const tries = body.getDescendantsOfKind(SyntaxKind.TryStatement);
  return tries.some((one) => one.getTryBlock().getText().includes('JSON.parse('));
}

/** `any` and `unknown` do not say what stands for "not JSON". */
function nothingOf(body: Callable): Helper['nothing'] | null {
  const absence = absenceOf(body.getReturnType());
  if (absence.undefined === absence.null) return null;
  return absence.undefined ? 'undefined' : 'null';
}

function isUsedElsewhere(helper: Declared, files: readonly SourceFile[], call: CallExpression): boolean {
  return files.some((file) =>
    file
      .getDescendantsOfKind(SyntaxKind.CallExpression)
      .some(
        (one) =>
          one !== call &&
          one.getExpression().getText() === helper.name &&
          !one.getFirstAncestor((up) => up === helper.declared),
      ),
  );
}

// ---------------------------------------------------------------- the place

/** `JSON.parse(text) as T` becomes `helper<T>(text)` where the helper takes a type. */
function replacement(call: CallExpression, helper: Helper): Edit {
  const text = call.getArguments()[0]?.getText() ?? '';
  const cast = call.getParent();
  if (!helper.generic || !Node.isAsExpression(cast))
    return { start: call.getExpression().getStart(), end: call.getExpression().getEnd(), text: helper.name };
  return {
    start: cast.getStart(),
    end: cast.getEnd(),
    text: `${helper.name}<${cast.getTypeNode()?.getText() ?? 'unknown'}>(${text})`,
  };
}

type After = { edits: Edit[]; summary: string; because: string };

/** Returned as it is, or bound to a name and guarded. */
function guardFor(call: CallExpression, helper: Helper, scene: Scene): After | Declined {
  const cast = call.getParent();
  const result = Node.isAsExpression(cast) ? cast : call;
  const holder = result.getParent();
  if (Node.isReturnStatement(holder)) return returned(holder);
  const statement = Node.isVariableDeclaration(holder) ? holder.getVariableStatement() : undefined;
  if (!Node.isVariableDeclaration(holder) || !statement || statement.getDeclarations().length > 1)
    return { why: 'The parsed value is used on the spot, so there is no place to ask whether it is there.' };
  const place = ownLines({ at: statement, side: 'after' });
  if (isDeclined(place)) return place;
  const owner = enclosingFunction(statement);
  const use = owner && refusalOfUse(holder.getNameNode(), owner);
  const skipped = use ?? refusalOfSequel(holder.getNameNode(), statement);
  if (skipped) return skipped;
  const exit = exitAt(statement, scene.project);
  if (isDeclined(exit)) return exit;
  const edit = guardAfter(statement, `${holder.getName()} === ${helper.nothing}`, exit);
  const how = exit.text === 'continue' ? 'skip' : 'return early on';
  return { edits: [edit], summary: `${how} text that is not JSON`, because: exit.because };
}

function returned(statement: Node): After | Declined {
  const owner = enclosingFunction(statement);
  const type = isCallable(owner) && owner.getReturnTypeNode() ? owner.getReturnType() : null;
  if (!type || !canBeAbsent(type))
    return { why: 'The parsed value is returned, and the function is not declared to return nothing.' };
  return {
    edits: [],
    summary: 'return nothing for text that is not JSON',
    because: 'callers already accept a missing result',
  };
}
