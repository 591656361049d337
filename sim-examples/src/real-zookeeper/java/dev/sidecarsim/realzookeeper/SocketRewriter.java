package dev.sidecarsim.realzookeeper;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Rewrites classes so that their sockets and names are those of a simulated pod. */
final class SocketRewriter {

  private static final int API = Opcodes.ASM9;
  private static final String INET_ADDRESS = "java/net/InetAddress";
  private static final String SOCKET_ADDRESS = "java/net/InetSocketAddress";
  private static final String NAMES = nameOf(PodNames.class);

  /** What is made in place of what, where the constructor takes nothing. */
  private static final Map<String, String> SOCKETS =
      Map.of(
          "java/net/Socket", nameOf(PodSocket.class),
          "java/net/ServerSocket", nameOf(PodServerSocket.class));

  private SocketRewriter() {}

  private static String nameOf(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  static byte[] rewrite(byte[] type) {
    ClassReader reader = new ClassReader(type);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(new Types(writer), 0);
    return writer.toByteArray();
  }

  private static final class Types extends ClassVisitor {
    Types(ClassVisitor next) {
      super(API, next);
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new Methods(super.visitMethod(access, name, descriptor, signature, exceptions));
    }
  }

  /**
   * One method. {@code new} and the constructor's call are two instructions with the arguments
   * between them; whether the constructor fits is known at the second, so only those of sockets,
   * which have no arguments here, are changed at both.
   */
  private static final class Methods extends MethodVisitor {
    private @Nullable String held;

    Methods(@Nullable MethodVisitor next) {
      super(API, next);
    }

    private MethodVisitor next() {
      return Objects.requireNonNull(mv);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      release();
      if (opcode == Opcodes.NEW && SOCKETS.containsKey(type)) {
        held = type;
      } else {
        next().visitTypeInsn(opcode, type);
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (held == null || opcode != Opcodes.DUP) {
        release();
        next().visitInsn(opcode);
      }
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      String made = held;
      if (made != null && made.equals(owner) && name.equals("<init>") && descriptor.equals("()V")) {
        held = null;
        String instead = Objects.requireNonNull(SOCKETS.get(made));
        next().visitTypeInsn(Opcodes.NEW, instead);
        next().visitInsn(Opcodes.DUP);
        next().visitMethodInsn(opcode, instead, name, descriptor, false);
        return;
      }
      release();
      if (opcode == Opcodes.INVOKESTATIC && owner.equals(INET_ADDRESS) && lookup(name)) {
        next().visitMethodInsn(opcode, NAMES, name, descriptor, false);
      } else if (owner.equals(SOCKET_ADDRESS)
          && name.equals("<init>")
          && descriptor.equals("(Ljava/lang/String;I)V")) {
        namedAddress();
      } else {
        next().visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      }
    }

    private static boolean lookup(String method) {
      return method.equals("getByName") || method.equals("getAllByName");
    }

    /** On the stack: host and port; the host is resolved in the pod. */
    private void namedAddress() {
      next().visitInsn(Opcodes.SWAP);
      next()
          .visitMethodInsn(
              Opcodes.INVOKESTATIC,
              NAMES,
              "resolve",
              "(Ljava/lang/String;)Ljava/net/InetAddress;",
              false);
      next().visitInsn(Opcodes.SWAP);
      next()
          .visitMethodInsn(
              Opcodes.INVOKESPECIAL, SOCKET_ADDRESS, "<init>", "(Ljava/net/InetAddress;I)V", false);
    }

    /** Passes on a {@code new} whose constructor is another one. */
    private void release() {
      String made = held;
      held = null;
      if (made != null) {
        next().visitTypeInsn(Opcodes.NEW, made);
        next().visitInsn(Opcodes.DUP);
      }
    }

    @Override
    public void visitVarInsn(int opcode, int index) {
      release();
      next().visitVarInsn(opcode, index);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      release();
      next().visitFieldInsn(opcode, owner, name, descriptor);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      release();
      next().visitIntInsn(opcode, operand);
    }

    @Override
    public void visitLdcInsn(Object value) {
      release();
      next().visitLdcInsn(value);
    }
  }
}
