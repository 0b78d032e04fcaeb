/*
 * Keeps the numbers of a record in one typed array on the interpreter, where each field costs a variable of 13 bytes
 * and a number beyond 2,047 another one.
 *
 * Input: a program of the compiler, in which interfaces of firmware/ and hal/ports are marked @packed. Output: a
 * transformer of the compiler: `ring.head` becomes `ring._[3]`, and the literal that makes a record makes the array;
 * a record of numbers alone becomes the array itself. The sources know nothing of it, and neither do Node and Lua.
 * Invariants: a packed field is `number` or `boolean` and nothing else, and holds whole numbers of 32 bits, as all of
 * the firmware's; the order of effects in a literal is that of its numbers, then that of the rest.
 */
import ts from "typescript";

/** The array's field; short, because it is written at every use. */
export const PACKED_FIELD = "_";

interface Packed {
  /** Packed fields in the order of their indices. */
  fields: string[];
  booleans: Set<string>;
  /** No other fields: the array is the record. */
  isPure: boolean;
}

const make = ts.factory;

/** From so many uses on, the array of a record is kept in a local: a use costs the interpreter a lookup less, the local a variable while the function runs. */
const BESIDE_MIN = 3;

function isWhole(type: ts.TypeNode | undefined): boolean {
  return type !== undefined && (type.kind === ts.SyntaxKind.NumberKeyword || type.kind === ts.SyntaxKind.BooleanKeyword);
}

/** The fields of an interface that is marked @packed; undefined without the mark. @throws Error for an interface that cannot be packed */
function packedOf(declaration: ts.InterfaceDeclaration): Packed | undefined {
  if (!ts.getJSDocTags(declaration).some((tag) => tag.tagName.text === "packed")) return undefined;
  const members = declaration.members.filter(ts.isPropertySignature);
  const packed = members.filter((one) => isWhole(one.type));
  const name = declaration.name.text;
  if (members.length !== declaration.members.length || declaration.heritageClauses !== undefined || members.some((one) => one.questionToken !== undefined)) {
    throw new Error(`${name} cannot be packed: it may have plain fields only, none of them optional or inherited`);
  }
  if (packed.length === 0) throw new Error(`${name} cannot be packed: it has no field of type number or boolean`);
  return {
    fields: packed.map((one) => one.name.getText()),
    booleans: new Set(packed.filter((one) => one.type?.kind === ts.SyntaxKind.BooleanKeyword).map((one) => one.name.getText())),
    isPure: packed.length === members.length,
  };
}

/** Whether only the truth of the value at `node` matters, so that 0 and 1 do. */
function isCondition(node: ts.Node): boolean {
  const parent = node.parent;
  if (ts.isParenthesizedExpression(parent)) return isCondition(parent);
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return parent.expression === node;
  if (ts.isConditionalExpression(parent)) return parent.condition === node;
  if (ts.isBinaryExpression(parent) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(parent.operatorToken.kind)) return isCondition(parent);
  return false;
}

function isWritten(node: ts.Node): boolean {
  const parent = node.parent;
  if (ts.isBinaryExpression(parent)) {
    return parent.left === node && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
  }
  return (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) &&
    (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken);
}

/** Every marked interface of a program. */
function markedIn(program: ts.Program): { declaration: ts.InterfaceDeclaration; packed: Packed }[] {
  return program.getSourceFiles().filter((file) => !file.isDeclarationFile).flatMap((file) => file.statements.filter(ts.isInterfaceDeclaration)).flatMap((declaration) => {
    const packed = packedOf(declaration);
    return packed === undefined ? [] : [{ declaration, packed }];
  });
}

/** Packed fields of every marked interface in the order of their indices, by its name. */
export function packedFields(program: ts.Program): { [name: string]: string[] } {
  return Object.fromEntries(markedIn(program).map(({ declaration, packed }) => [declaration.name.text, packed.fields] as const).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The transformer for one program. @throws Error with file and line for what the array cannot stand for */
export function packedRecords(program: ts.Program): ts.TransformerFactory<ts.SourceFile> {
  const checker = program.getTypeChecker();
  const known = new Map<ts.Node, Packed | undefined>();
  const all = new Map(markedIn(program).map(({ declaration }) => [declaration.name.text, declaration.members.map((member) => member.name!.getText())]));

  function packedType(type: ts.Type | undefined): Packed | undefined {
    if (type === undefined) return undefined;
    const declaration = checker.getNonNullableType(type).getSymbol()?.declarations?.[0];
    if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) return undefined;
    if (!known.has(declaration)) known.set(declaration, packedOf(declaration));
    return known.get(declaration);
  }

  return (context) => (file) => {
    const fail = (node: ts.Node, reason: string): never => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      throw new Error(`${file.fileName}:${String(line + 1)}: ${reason}`);
    };

    function literal(node: ts.ObjectLiteralExpression, packed: Packed): ts.Expression {
      const numbers = new Map<string, ts.Expression>();
      const others: ts.ObjectLiteralElementLike[] = [];
      for (const property of node.properties) {
        const isPlain = ts.isPropertyAssignment(property) || ts.isShorthandPropertyAssignment(property);
        if (!isPlain || !ts.isIdentifier(property.name)) return fail(property, "a packed record is made of plain fields");
        const name = property.name.text;
        if (!packed.fields.includes(name)) others.push(ts.visitNode(property, visit) as ts.ObjectLiteralElementLike);
        else numbers.set(name, ts.isPropertyAssignment(property) ? ts.visitNode(property.initializer, visit) as ts.Expression : make.createIdentifier(name));
      }
      const values = packed.fields.map((name) => numbers.get(name) ?? fail(node, `the packed field ${name} is missing`));
      const array = make.createNewExpression(make.createIdentifier("Int32Array"), undefined, [make.createArrayLiteralExpression(values)]);
      return packed.isPure ? array : make.createObjectLiteralExpression([make.createPropertyAssignment(PACKED_FIELD, array), ...others]);
    }

    /** Locals that hold the array of a record beside it, by the record's own symbol. */
    const beside = new Map<ts.Symbol, ts.Identifier>();

    /** How often packed fields of the record that `symbol` names are used within `scope`, functions in it left out; 0 when another record may take its name. */
    function usesOf(symbol: ts.Symbol, packed: Packed, scope: ts.Node): number {
      let uses = 0;
      let isFirm = true;
      const look = (node: ts.Node): void => {
        if (ts.isFunctionLike(node)) return;
        if (ts.isIdentifier(node) && checker.getSymbolAtLocation(node) === symbol) {
          if (isWritten(node)) isFirm = false;
          if (ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node && packed.fields.includes(node.parent.name.text)) uses++;
        }
        ts.forEachChild(node, look);
      };
      ts.forEachChild(scope, look);
      return isFirm ? uses : 0;
    }

    /** A statement that keeps the array of the record `name` in a local, when it is used often enough within `scope`. */
    function keepBeside(name: ts.BindingName, scope: ts.Node): ts.Statement | undefined {
      if (!ts.isIdentifier(name)) return undefined;
      const type = checker.getTypeAtLocation(name);
      const symbol = checker.getSymbolAtLocation(name);
      const packed = checker.getNonNullableType(type) === type ? packedType(type) : undefined;
      if (packed === undefined || packed.isPure || symbol === undefined || usesOf(symbol, packed, scope) < BESIDE_MIN) return undefined;
      const local = make.createUniqueName(name.text);
      beside.set(symbol, local);
      const array = make.createPropertyAccessExpression(make.createIdentifier(name.text), PACKED_FIELD);
      return make.createVariableStatement(undefined, make.createVariableDeclarationList([make.createVariableDeclaration(local, undefined, undefined, array)], ts.NodeFlags.Const));
    }

    function visit(node: ts.Node): ts.Node | ts.Node[] {
      if (ts.isFunctionDeclaration(node) && node.body !== undefined) {
        const body = node.body;
        const kept = node.parameters.map((one) => keepBeside(one.name, body)).filter((one) => one !== undefined);
        const visited = ts.visitEachChild(node, visit, context);
        if (kept.length === 0 || visited.body === undefined) return visited;
        const statements = make.createBlock([...kept, ...visited.body.statements], true);
        return make.updateFunctionDeclaration(visited, visited.modifiers, visited.asteriskToken, visited.name, visited.typeParameters, visited.parameters, visited.type, statements);
      }
      if (ts.isVariableStatement(node) && ts.isBlock(node.parent) && node.declarationList.declarations.length === 1 && (node.declarationList.flags & ts.NodeFlags.Const) !== 0) {
        const kept = keepBeside(node.declarationList.declarations[0]!.name, node.parent);
        const visited = ts.visitEachChild(node, visit, context);
        return kept === undefined ? visited : [visited, kept];
      }
      if (ts.isPropertyAccessExpression(node)) {
        const name = node.name.text;
        const packed = packedType(checker.getTypeAtLocation(node.expression));
        const index = packed === undefined ? -1 : packed.fields.indexOf(name);
        if (packed !== undefined && index >= 0) {
          const symbol = ts.isIdentifier(node.expression) ? checker.getSymbolAtLocation(node.expression) : undefined;
          const local = symbol === undefined ? undefined : beside.get(symbol);
          const record = ts.visitNode(node.expression, visit) as ts.Expression;
          const array = local ?? (packed.isPure ? record : make.createPropertyAccessExpression(record, PACKED_FIELD));
          const element = make.createElementAccessExpression(array, index);
          // The array gives 1 for true, which is true in a condition and no boolean elsewhere.
          const isBoolean = packed.booleans.has(name) && !isWritten(node) && !isCondition(node);
          return isBoolean ? make.createParenthesizedExpression(make.createStrictEquality(element, make.createNumericLiteral(1))) : element;
        }
      }
      if (ts.isObjectLiteralExpression(node)) {
        const packed = packedType(checker.getContextualType(node));
        if (packed !== undefined) return literal(node, packed);
        const names = node.properties.map((one) => one.name?.getText());
        const meant = [...all].find(([, fields]) => fields.every((name) => names.includes(name)));
        if (meant !== undefined) fail(node, `looks like a ${meant[0]}, which is packed: say that it is one (const name: ${meant[0]} = …)`);
      }
      return ts.visitEachChild(node, visit, context);
    }
    return ts.visitNode(file, visit) as ts.SourceFile;
  };
}
