package dev.sidecarsim.kube;

import java.util.Optional;

/**
 * A volume's place in a container's file system.
 *
 * @param volume the volume's name
 * @param path the folder, or the file where {@code subPath} names one
 * @param subPath the one entry that is mounted
 */
public record VolumeMount(String volume, String path, Optional<String> subPath) {}
